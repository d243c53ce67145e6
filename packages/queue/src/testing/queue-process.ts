import { type OpenArguments, openTestQueue } from './engines.ts';

// Another DevPulse process for the tests: opens the queue it is told to, works one name and says so, line by line.
// "hang" never finishes a job, "count" finishes it at once.
const [openArguments = '', name = '', behaviour = '', cron = ''] = process.argv.slice(2);

const queue = await openTestQueue(JSON.parse(openArguments) as OpenArguments);
await queue.work(name, async (_payload, { attempt }) => {
  process.stdout.write(`run ${attempt}\n`);
  if (behaviour === 'hang') await new Promise(() => undefined);
});
if (cron !== '') await queue.schedule(name, cron);
process.stdout.write('ready\n');

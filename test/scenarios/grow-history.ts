import { blueprints } from './blueprints.ts';
import { team } from './cast.ts';
import type { RepositoryHistory } from './history.ts';
import { makeSubject } from './line-makers.ts';
import { Random } from './random.ts';
import { RepositoryBuilder } from './repository-builder.ts';
import { dateOf, signatureOf } from './tell-team-year.ts';
import { startOfDay } from './zone-time.ts';

const firstDay = '2020-01-01';
const pauseSeconds = 1800;

/** One repository of exactly so many commits by twelve people, every tenth of them a merge, for measuring. */
export function growHistory(commits: number, seed = 'growth'): RepositoryHistory {
  const random = new Random(seed);
  const blueprint = blueprints.find(({ name }) => name === 'harbor-web');
  if (blueprint === undefined) throw new Error('there is no plan to grow by');
  const repository = new RepositoryBuilder(blueprint, random.fork('files'));
  let at = startOfDay(firstDay);
  for (let made = 0; made < commits;) {
    at += random.int(1, 2 * pauseSeconds);
    const member = random.pick(team);
    const draft = { author: signatureOf(member), authored: dateOf(member, at), subject: makeSubject(random) };
    if (made % 10 !== 8 || commits - made < 2) {
      repository.commit({ ...draft, way: 'direct' }, repository.drawEdits());
      made += 1;
      continue;
    }
    const branch = repository.openBranch(`work-${made}`);
    repository.commitOn(branch, { ...draft, way: 'branch' }, repository.drawEdits(branch.tree));
    const subject = `Merge branch '${branch.name}'`;
    repository.merge(branch, { ...draft, authored: dateOf(member, at + 60), subject, way: 'merge' });
    made += 2;
  }
  return repository.finish();
}

import { parentPort, workerData } from 'node:worker_threads';
import { makeTeam } from '@devpulse/scenarios/team';
import { writeRepositories } from '@devpulse/scenarios/write-repositories';
import type { DemoStory, TellDemo } from './tell-demo.ts';

const { plan, folder } = workerData as TellDemo;
const scenario = makeTeam(plan);
if (folder !== null) await writeRepositories(scenario, folder);
const { zone, self, people } = scenario;
const commits = scenario.repositories.reduce((sum, repository) => sum + repository.commits.length, 0);
// Without the repositories: thousands of commits need not travel to be counted.
const story: DemoStory = { zone, self, people, commits };
parentPort?.postMessage(story);

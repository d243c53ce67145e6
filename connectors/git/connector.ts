import { defineConnector } from '@devpulse/contract/connector';
import { repositoryKey, repositoryName } from './describe-repository.ts';
import { pull } from './fetch.ts';
import { findRepositories } from './find-repositories.ts';
import { parse } from './parse.ts';
import { readOwnEmail } from './read-own-email.ts';
import { type GitSettings, gitSettings } from './settings.ts';

export const connector = defineConnector<GitSettings>({
  id: 'git',
  title: 'Local git folder',
  summary:
    'Reads the history of a git folder on this machine with the git that is installed: commits, their authors and the ' +
    'lines they changed. Never writes to the folder, never runs what its configuration names, never uses the network.',
  settings: gitSettings,
  kinds: [
    {
      kind: 'repository',
      title: 'What the repository is called and where it came from',
      key: '<repository>#repository#<fingerprint of the body>',
      body: 'JSON: repository, path, name, url, defaultBranch, observedAt',
    },
    {
      kind: 'commit',
      title: 'One commit with the files it changed',
      key: '<repository>#commit#<sha>, with #shallow, #partial or #too-large behind it when its files are not known',
      body: 'NUL-separated fields and entries as git printed them; the README of this connector lists them',
    },
    {
      kind: 'reach',
      title: 'Commits that one look found reachable, or no longer reachable',
      key: '<repository>#reach#<snapshot>.<fingerprint of the body>#<+ or ->#<number of the chunk>',
      body: 'JSON: repository, snapshot, reachable, shas (at most 2000)',
    },
    {
      kind: 'reach-baseline',
      title: 'The end of a look that told of every reachable commit',
      key: '<repository>#reach-baseline#<snapshot>',
      body: 'JSON: repository, snapshot',
    },
  ],
  discover: async (place, limits = {}) => {
    const found = await findRepositories(place, limits);
    return found.map(({ path, gitDir }) => ({
      naturalKey: repositoryKey(gitDir),
      name: repositoryName(gitDir),
      settings: { path, branches: 'all' },
    }));
  },
  suggestSelf: (settings) => readOwnEmail(settings.path),
  pull,
  parse,
});

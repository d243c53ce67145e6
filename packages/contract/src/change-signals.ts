/**
 * What a pull request shows of whom it was made by or with, beside its author: the name of the branch that it comes from, and
 * phrases that tools put into its text. Each is a signal with its reason and not a verdict; what a change is follows from all
 * signals together, and people may overrule it.
 */
export interface ChangeSignal {
  /** As kept in the facts (`marks`): what it says, a colon, and what was seen, in words that are shown. */
  mark: string;
  /** Made by an agent or by automation, or by a person whom a tool helped. */
  says: 'agent' | 'assisted' | 'automation';
  /** The tool, as shown. */
  tool: string;
  where: 'branch' | 'text';
  /** A branch begins with it, a text contains it; both in lower case. */
  pattern: string;
  reason: string;
}

const branches: readonly [says: ChangeSignal['says'], prefix: string, tool: string][] = [
  ['agent', 'copilot/', 'GitHub Copilot'],
  ['agent', 'claude/', 'Claude (Anthropic)'],
  ['agent', 'codex/', 'Codex (OpenAI)'],
  ['agent', 'cursor/', 'Cursor'],
  ['agent', 'devin/', 'Devin (Cognition)'],
  ['agent', 'jules/', 'Jules (Google)'],
  ['agent', 'openhands/', 'OpenHands'],
  ['agent', 'sweep/', 'Sweep'],
  ['automation', 'dependabot/', 'Dependabot'],
  ['automation', 'renovate/', 'Renovate'],
  ['automation', 'snyk-fix-', 'Snyk'],
  ['automation', 'snyk-upgrade-', 'Snyk'],
  ['automation', 'pre-commit-ci-update-config', 'pre-commit.ci'],
  ['automation', 'release-please--', 'release-please'],
  ['automation', 'changeset-release/', 'Changesets'],
  ['automation', 'imgbot', 'ImgBot'],
];

const texts: readonly [says: ChangeSignal['says'], seen: string, phrase: string, tool: string, does: string][] = [
  [
    'assisted',
    'Generated with Claude Code',
    'generated with [claude code]',
    'Claude (Anthropic)',
    'closes texts with it',
  ],
  ['assisted', 'co-author Claude', '<noreply@anthropic.com>', 'Claude (Anthropic)', 'signs as co-author'],
  [
    'assisted',
    'link to a Claude session',
    'https://claude.ai/code/session_',
    'Claude (Anthropic)',
    'links its session',
  ],
  [
    'agent',
    'note of Copilot’s coding agent',
    '<!-- start copilot coding agent',
    'GitHub Copilot',
    'hides a note in what its agent opens',
  ],
  [
    'agent',
    'link to a Codex task',
    'https://chatgpt.com/codex/tasks/',
    'Codex (OpenAI)',
    'links the task it worked on',
  ],
  ['assisted', 'co-author Cursor', '<cursoragent@cursor.com>', 'Cursor', 'signs as co-author'],
  ['agent', 'link to a Cursor agent', 'https://cursor.com/background-agent?', 'Cursor', 'links its background agent'],
  ['agent', 'link to a Devin session', 'https://app.devin.ai/sessions/', 'Devin (Cognition)', 'links its session'],
  ['agent', 'created by Jules', 'pr created automatically by jules for task', 'Jules (Google)', 'closes texts with it'],
  ['assisted', 'co-author OpenHands', '<openhands@all-hands.dev>', 'OpenHands', 'signs as co-author'],
  ['assisted', 'co-author Aider', '<noreply@aider.chat>', 'Aider', 'signs as co-author'],
  ['automation', 'note of Dependabot', '[//]: # (dependabot-start)', 'Dependabot', 'hides a note in what it opens'],
  ['automation', 'note of Renovate', '<!--renovate-debug:', 'Renovate', 'hides a note in what it opens'],
];

export const changeSignals: readonly ChangeSignal[] = [
  ...branches.map(([says, pattern, tool]): ChangeSignal => ({
    mark: `${says}:branch ${pattern}`,
    says,
    tool,
    where: 'branch',
    pattern,
    reason: `${tool} begins the names of its branches with “${pattern}”.`,
  })),
  ...texts.map(([says, seen, pattern, tool, does]): ChangeSignal => ({
    mark: `${says}:${seen}`,
    says,
    tool,
    where: 'text',
    pattern,
    reason: `${tool} ${does}: “${pattern}”.`,
  })),
];

/** GitHub takes texts of up to 65,536 characters; of anything longer the two ends are searched, where tools sign. */
const searchedCharacters = 65_536;

/** The marks of a pull request, sorted. The cost is bounded whatever the text: plain searches in a bounded piece of it. */
export function findMarks(branch: string, text: string): string[] {
  const searched = {
    branch: branch.slice(0, 500).toLowerCase(),
    text: cutMiddle(text).toLowerCase(),
  };
  return changeSignals
    .filter(({ where, pattern }) =>
      where === 'branch' ? searched.branch.startsWith(pattern) : searched.text.includes(pattern),
    )
    .map(({ mark }) => mark)
    .toSorted()
    .slice(0, 20);
}

function cutMiddle(text: string): string {
  if (text.length <= searchedCharacters) return text;
  const half = searchedCharacters / 2;
  return `${text.slice(0, half)}\n${text.slice(-half)}`;
}

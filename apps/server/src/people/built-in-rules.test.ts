import { describe, expect, it } from 'vitest';
import { builtInKindRules } from '@devpulse/contract/kind-rules';
import { newKindRuleSchema } from '@devpulse/contract/wire/people';
import { classify, compileRules } from '@devpulse/pipeline/derive/classify-identities';

const rules = compileRules(builtInKindRules.toSorted((a, b) => a.priority - b.priority));

/** Reads "Name <email>" as git writes it, or "@login" as a platform does. */
function kindOf(who: string, sourceKind: string | null = null): string {
  const git = /^(.*) <(.*)>$/.exec(who);
  const identity = who.startsWith('@')
    ? { login: who.slice(1), name: null, email: null }
    : { login: null, name: git?.[1] ?? who, email: git?.[2]?.toLowerCase() ?? null };
  return classify({ ...identity, source_kind: sourceKind }, rules).kind;
}

describe('builtInKindRules', () => {
  it.each([
    'Abbot <abbot@example.org>',
    'Robot Smith <robot@smith.example>',
    'Claude Dupont <claude@dupont.fr>',
    'Claude <claude@dupont.fr>',
    'Jules Verne <jules@verne.fr>',
    'Jules <jules@google.com>',
    'Devin Townsend <devin@townsend.ca>',
    'Gemini Rising <gemini@rising.example>',
    'Anna Jansen-Bot <anna@jansen.nl>',
    'Theo Bot <theo.bot@example.nl>',
    'Jan Bot <bot@example.nl>',
    'Ada Lovelace <ada@users.noreply.github.com>',
    'Ada Lovelace <123+ada@users.noreply.github.com>',
    'Night Owl <77+nightcopilot@users.noreply.github.com>',
    'Cody Copilot Fan <me+copilot@example.org>',
    'Leroy Jenkins <jenkins@example.org>',
    'Jenkins <leroy@example.org>',
    'Travis Scott <travis@scott.example>',
    'Mona Octocat (aider) <mona@example.org>',
    'Renovate Smith <r.smith@example.org>',
    'Sweep Singer <sweep@example.org>',
    'Stale Bread <stale@example.org>',
    'Kubernetes Fan <k8s@example.org>',
    'root <root@localhost>',
    '@abbot',
    '@talbot',
    '@botanist',
    '@cursor-fan',
    '@claudette',
    '@copilot-lover',
    '@user',
  ])('takes %s for a person', (who) => {
    expect(kindOf(who)).toBe('person');
  });

  it.each([
    'dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>',
    'dependabot <support@dependabot.com>',
    'renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>',
    'Renovate Bot <bot@renovateapp.com>',
    'github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>',
    'GitHub Actions <actions@github.com>',
    'GitHub <noreply@github.com>',
    'greenkeeperio-bot <support@greenkeeper.io>',
    'snyk-bot <snyk-bot@snyk.io>',
    'semantic-release-bot <semantic-release-bot@martynus.net>',
    'mergify[bot] <37929162+mergify[bot]@users.noreply.github.com>',
    'pre-commit-ci[bot] <66853113+pre-commit-ci[bot]@users.noreply.github.com>',
    'allcontributors[bot] <46447321+allcontributors[bot]@users.noreply.github.com>',
    'ImgBotApp <ImgBotHelp@gmail.com>',
    'Kubernetes Prow Robot <k8s.ci.robot@gmail.com>',
    'BrewTestBot <1589480+BrewTestBot@users.noreply.github.com>',
    'Travis CI User <travis@example.org>',
    'Weblate (bot) <hosted@weblate.org>',
    'acme-release-bot <releases@acme.example>',
    'ACME <12+acme-bot@users.noreply.github.com>',
    'deploy <project_42_bot_abc123@noreply.gitlab.example.org>',
    '@k8s-ci-robot',
    '@openshift-merge-robot',
    '@codecov-commenter',
    '@web-flow',
    '@anything[bot]',
    '@project_42_bot_abc123',
  ])('takes %s for automation', (who) => {
    expect(kindOf(who)).toBe('automation');
  });

  it.each([
    'Claude <noreply@anthropic.com>',
    'Claude Opus 4.1 <noreply@anthropic.com>',
    'claude[bot] <209825114+claude[bot]@users.noreply.github.com>',
    'Copilot <175728472+Copilot@users.noreply.github.com>',
    'copilot-swe-agent[bot] <198982749+Copilot@users.noreply.github.com>',
    'Codex <noreply@openai.com>',
    'Cursor Agent <cursoragent@cursor.com>',
    'Cursor <cursoragent@cursor.com>',
    'devin-ai-integration[bot] <158243242+devin-ai-integration[bot]@users.noreply.github.com>',
    'aider (gpt-4o) <noreply@aider.chat>',
    'gemini-code-assist[bot] <176961590+gemini-code-assist[bot]@users.noreply.github.com>',
    'google-labs-jules[bot] <161369871+google-labs-jules[bot]@users.noreply.github.com>',
    'openhands <openhands@all-hands.dev>',
    'sweep-ai[bot] <128439645+sweep-ai[bot]@users.noreply.github.com>',
    'Amp <amp@ampcode.com>',
    '@coderabbitai[bot]',
    '@Copilot',
  ])('takes %s for an agent', (who) => {
    expect(kindOf(who)).toBe('agent');
  });

  it('believes a source that says Bot, but knows an agent better', () => {
    expect(kindOf('@plain-login', 'Bot')).toBe('automation');
    expect(kindOf('@devin-ai-integration[bot]', 'Bot')).toBe('agent');
    expect(kindOf('@plain-login', 'User')).toBe('person');
    expect(kindOf('Anna Jansen-Bot', 'Bot')).toBe('automation');
  });

  it('gives each rule a reason, and each pattern once', () => {
    expect(builtInKindRules.filter((rule) => rule.reason.trim() === '')).toEqual([]);
    const patterns = builtInKindRules.map((rule) => `${rule.field} ${rule.pattern}`);
    expect(patterns.filter((pattern, index) => patterns.indexOf(pattern) !== index)).toEqual([]);
  });

  it('keeps to what people may write as well', () => {
    for (const rule of builtInKindRules) expect(newKindRuleSchema.parse(rule).pattern).toBe(rule.pattern);
  });
});

/** A machine that is known by name. Every spelling becomes a rule of its own, so that each can be switched off. */
export interface KnownMachine {
  title: string;
  /** GitHub apps: they sign as `app[bot]`. */
  apps?: readonly string[];
  /** Ordinary GitHub accounts that a machine uses. */
  logins?: readonly string[];
  emails?: readonly string[];
  /** Only names that no person has: "Claude" and "Jules" are people until an address says otherwise. */
  names?: readonly string[];
}

/** Programs that write code or reviews on somebody's behalf. */
export const knownAgents: readonly KnownMachine[] = [
  {
    title: 'GitHub Copilot',
    apps: ['copilot-swe-agent', 'copilot-pull-request-reviewer', 'copilot-for-prs', 'github-copilot'],
    logins: ['copilot'],
    emails: ['copilot@github.com'],
    names: ['copilot', 'github copilot', 'copilot-swe-agent'],
  },
  {
    title: 'Claude (Anthropic)',
    apps: ['claude', 'claude-code'],
    logins: ['claude'],
    emails: ['noreply@anthropic.com', 'claude@anthropic.com'],
    names: ['claude code'],
  },
  {
    title: 'Codex (OpenAI)',
    apps: ['chatgpt-codex-connector', 'openai-codex'],
    emails: ['noreply@openai.com', 'codex@openai.com', 'codex@users.noreply.github.com'],
    names: ['openai codex', 'chatgpt codex', 'chatgpt'],
  },
  {
    title: 'Cursor',
    apps: ['cursor'],
    logins: ['cursoragent'],
    emails: ['cursoragent@cursor.com', 'agent@cursor.com', 'noreply@cursor.com'],
    names: ['cursor agent'],
  },
  {
    title: 'Devin (Cognition)',
    apps: ['devin-ai-integration', 'devin-ai'],
    names: ['devin ai', 'devin-ai-integration'],
  },
  // Aider also appends " (aider)" to the person's own name. That stays the person's work, so there is no rule for it.
  { title: 'Aider', emails: ['noreply@aider.chat', 'aider@aider.chat'], names: ['aider', 'aider (*'] },
  {
    title: 'Gemini (Google)',
    apps: ['gemini-code-assist', 'gemini-cli'],
    logins: ['gemini-cli', 'gemini-cli-robot'],
    emails: ['gemini-cli@google.com', 'gemini-code-assist@google.com'],
    names: ['gemini code assist', 'gemini-code-assist', 'gemini cli', 'gemini-cli'],
  },
  { title: 'Jules (Google)', apps: ['google-labs-jules'], names: ['google-labs-jules', 'google jules'] },
  {
    title: 'OpenHands',
    apps: ['openhands-ai'],
    logins: ['openhands-agent'],
    emails: ['openhands@all-hands.dev'],
    names: ['openhands', 'opendevin'],
  },
  { title: 'Sweep', apps: ['sweep-ai', 'sweep-nightly', 'sweep-canary'], names: ['sweep ai', 'sweep-ai'] },
  { title: 'Amp (Sourcegraph)', emails: ['amp@ampcode.com'] },
  {
    title: 'opencode',
    apps: ['opencode-agent'],
    emails: ['noreply@opencode.ai', 'opencode@sst.dev'],
    names: ['opencode'],
  },
  { title: 'Qwen Code (Alibaba)', emails: ['qwen-coder@alibabacloud.com'], names: ['qwen-coder'] },
  { title: 'Crush (Charm)', emails: ['crush@charm.land'] },
  { title: 'Warp', emails: ['agent@warp.dev'], names: ['warp agent'] },
  { title: 'Windsurf', emails: ['windsurf@codeium.com', 'noreply@codeium.com', 'cascade@windsurf.ai'] },
  { title: 'Droid (Factory)', apps: ['factory-droid'], names: ['factory-droid', 'factory droid'] },
  { title: 'Amazon Q', apps: ['amazon-q-developer'], names: ['amazon q', 'amazon q developer'] },
  { title: 'Kiro (AWS)', apps: ['kiro-agent'] },
  { title: 'Replit Agent', emails: ['agent@replit.com'], names: ['replit agent'] },
  { title: 'Lovable', apps: ['gpt-engineer-app', 'lovable-dev'] },
  { title: 'v0 (Vercel)', apps: ['v0'], emails: ['v0@vercel.com'] },
  { title: 'CodeRabbit', apps: ['coderabbitai'], emails: ['noreply@coderabbit.ai'], names: ['coderabbit ai'] },
  { title: 'Qodo', apps: ['qodo-merge-pro', 'qodo-merge', 'codiumai-pr-agent-pro', 'codiumai-pr-agent'] },
  { title: 'Sourcery', apps: ['sourcery-ai'], names: ['sourcery ai'] },
  { title: 'Ellipsis', apps: ['ellipsis-dev'] },
  { title: 'Greptile', apps: ['greptile-apps'], logins: ['greptileai'] },
  { title: 'Seer (Sentry)', apps: ['seer-by-sentry'] },
];

/** Programs that update, build, merge, translate and release. Their apps need no entry: "[bot]" says it already. */
export const knownAutomation: readonly KnownMachine[] = [
  {
    title: 'Dependabot',
    logins: ['dependabot'],
    emails: ['support@dependabot.com'],
    names: ['dependabot', 'dependabot-preview'],
  },
  {
    title: 'Renovate',
    logins: ['renovatebot'],
    emails: ['bot@renovateapp.com', 'renovate@whitesourcesoftware.com'],
    names: ['renovate', 'renovate bot', 'renovatebot', 'whitesource renovate', 'mend renovate'],
  },
  {
    title: 'GitHub Actions',
    logins: ['github-actions', 'actions-user'],
    emails: ['action@github.com', 'actions@github.com', 'github-actions@github.com'],
    names: ['github actions', 'github action', 'github-actions', 'actions-user'],
  },
  // It signs what people do in the browser, as committer; the author stays the person.
  { title: "GitHub's web editor", logins: ['web-flow'], emails: ['noreply@github.com'] },
  { title: 'Greenkeeper', logins: ['greenkeeper'], emails: ['support@greenkeeper.io'], names: ['greenkeeper'] },
  { title: 'Snyk', logins: ['snyk-io'], emails: ['snyk-bot@snyk.io', 'support@snyk.io'], names: ['snyk bot'] },
  { title: 'Codecov', logins: ['codecov', 'codecov-io', 'codecov-commenter'] },
  { title: 'Coveralls', logins: ['coveralls'] },
  { title: 'semantic-release', emails: ['semantic-release-bot@martynus.net'], names: ['semantic release bot'] },
  { title: 'release-please', names: ['release-please'] },
  { title: 'Mergify', logins: ['mergifyio'], names: ['mergify', 'mergify bot'] },
  { title: 'pre-commit.ci', logins: ['pre-commit-ci'], names: ['pre-commit-ci', 'pre-commit.ci', 'pre-commit ci'] },
  { title: 'All Contributors', logins: ['allcontributors', 'all-contributors'], names: ['allcontributors'] },
  { title: 'ImgBot', logins: ['imgbot', 'imgbotapp'], emails: ['imgbothelp@gmail.com'], names: ['imgbot'] },
  {
    title: 'Kubernetes’ robots',
    logins: ['k8s-*-robot'],
    emails: ['k8s.ci.robot@gmail.com'],
    names: ['k8s-*-robot', 'kubernetes *robot', 'kubernetes submit queue', 'kubernetes publisher'],
  },
  {
    title: 'OpenShift’s robots',
    logins: ['openshift-*-robot', 'openshift-ci'],
    names: ['openshift *robot', 'openshift bot'],
  },
  { title: 'Istio’s robot', logins: ['istio-testing'] },
  { title: 'Bors', logins: ['bors-servo'], emails: ['bors@rust-lang.org', 'bors@bors.tech'] },
  { title: 'Rust’s robots', logins: ['rustbot', 'rust-timer', 'rust-highfive', 'rust-log-analyzer'] },
  { title: 'Homebrew’s test bot', logins: ['brewtestbot'], emails: ['brewtestbot@brew.sh'], names: ['brewtestbot'] },
  {
    title: 'conda-forge',
    logins: ['conda-forge-admin', 'conda-forge-linter', 'conda-forge-curator'],
    names: ['conda-forge-admin'],
  },
  { title: 'Nixpkgs updates', logins: ['r-ryantm'], emails: ['ryantm-bot@ryantm.com'], names: ['r. ryantm'] },
  { title: 'Scala Steward', logins: ['scala-steward'], emails: ['me@scala-steward.org'], names: ['scala steward'] },
  { title: 'PyUp', emails: ['github-bot@pyup.io'], names: ['pyup.io bot'] },
  { title: 'Depfu', logins: ['depfu'], emails: ['bot@depfu.com'], names: ['depfu'] },
  { title: 'FOSSA', logins: ['fossabot'], emails: ['badges@fossa.io', 'badges@fossa.com'], names: ['fossabot'] },
  {
    title: 'Badges',
    logins: ['gitter-badger', 'codacy-badger', 'readmecritic'],
    emails: ['badger@gitter.im', 'badger@codacy.com'],
    names: ['the gitter badger', 'codacy badger'],
  },
  {
    title: 'DeepSource',
    logins: ['deepsourcebot', 'deepsource-autofix'],
    emails: ['bot@deepsource.io'],
    names: ['deepsource bot'],
  },
  { title: 'LGTM', logins: ['lgtm-com', 'lgtm-migrator'], names: ['lgtm migrator'] },
  { title: 'CodeFactor', emails: ['support@codefactor.io'], names: ['codefactor.io'] },
  {
    title: 'Restyled',
    logins: ['restyled-io', 'restyled-commits'],
    emails: ['commits@restyled.io'],
    names: ['restyled.io'],
  },
  { title: 'StepSecurity', emails: ['bot@stepsecurity.io'], names: ['stepsecurity bot'] },
  { title: 'CLA checks', logins: ['claassistant', 'linux-foundation-easycla'] },
  {
    title: 'Travis CI',
    logins: ['travis-ci', 'traviscibot'],
    emails: ['travis@travis-ci.org', 'travis@travis-ci.com', 'builds@travis-ci.org', 'builds@travis-ci.com'],
    names: ['travis ci', 'travis-ci', 'travis ci user'],
  },
  { title: 'CircleCI', logins: ['circleci'], names: ['circleci', 'circle ci'] },
  { title: 'AppVeyor', logins: ['appveyorbot'], names: ['appveyor'] },
  {
    title: 'Azure Pipelines',
    logins: ['azure-pipelines'],
    emails: ['azuredevops@microsoft.com'],
    names: ['azure pipelines', 'azure devops pipeline', 'azure-pipelines'],
  },
  { title: 'Microsoft’s robots', logins: ['msftbot', 'vscodebot'], names: ['dotnet bot'] },
  {
    title: 'Google’s robots',
    logins: ['googlebot', 'copybara-github', 'yoshi-automation', 'skia-flutter-autoroll', 'engine-flutter-autoroll'],
    emails: [
      'noreply-gerritcodereview@google.com',
      'copybara-worker@google.com',
      'yoshi-automation@google.com',
      'skia-flutter-autoroll@skia.org',
    ],
    names: ['gerrit code review', 'yoshi code bot', 'yoshi automation bot'],
  },
  {
    title: 'OpenStack’s robots',
    emails: ['zuul@review.opendev.org', 'zuul@review.openstack.org', 'jenkins@review.openstack.org'],
    names: ['openstack proposal bot', 'openstack release bot'],
  },
  // "Jenkins" alone is a surname.
  { title: 'Jenkins', names: ['jenkins ci', 'jenkins-ci', 'jenkins bot'] },
  {
    title: 'GitLab’s robots',
    emails: ['delivery-team+release-tools@gitlab.com'],
    names: ['gitlab bot', 'gitlab * bot', 'gitlab ci', 'gitlab-ci'],
  },
  { title: 'Argo CD', emails: ['noreply@argoproj.io'], names: ['argocd-image-updater', 'argocd'] },
  { title: 'Flux', logins: ['fluxcdbot'], names: ['fluxcdbot', 'fluxbot'] },
  {
    title: 'Weblate',
    emails: ['hosted@weblate.org', 'noreply@weblate.org'],
    names: ['weblate', 'hosted weblate', 'weblate (bot)'],
  },
  { title: 'Crowdin', emails: ['support+bot@crowdin.com'], names: ['crowdin bot'] },
  {
    title: 'Transifex',
    emails: ['transifex@transifex.com', 'txbot@transifex.com'],
    names: ['transifex', 'transifex bot'],
  },
  { title: 'Pontoon', emails: ['pontoon@mozilla.com'], names: ['mozilla pontoon'] },
  { title: 'Lint action', emails: ['lint-action@samuelmeuli.com'], names: ['lint action'] },
];

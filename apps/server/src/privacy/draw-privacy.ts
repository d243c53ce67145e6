import { describePrivacy } from './features.ts';

/** The same as the page, as a document. */
export function drawPrivacy(): string {
  const { features, never } = describePrivacy();
  const sections = features.map((feature) =>
    [
      `## ${feature.title}`,
      '',
      feature.collects.map((what) => `- ${what}`).join('\n'),
      '',
      `**From.** ${feature.from}`,
      '',
      `**Seen by.** ${feature.seenBy}`,
      '',
      `**Kept.** ${feature.kept}`,
      '',
      `**Sent to.** ${feature.sentTo}`,
    ].join('\n'),
  );
  return [
    '# Privacy',
    '',
    'What DevPulse collects, from where, who sees it and for how long. The same stands in the program under Settings, Privacy.',
    '',
    sections.join('\n\n'),
    '',
    '## Never',
    '',
    never.map((what) => `- ${what}`).join('\n'),
    '',
  ].join('\n');
}

import type { ReactElement } from 'react';

/** One part of a page of the settings; it says by itself that it loads or failed. */
export interface SettingsSection {
  id: string;
  title: string;
  Section: () => ReactElement;
}

interface Props {
  sections: readonly SettingsSection[];
  /** The class of a page that looks a little different. */
  look?: string;
}

/** A page of the settings: its parts below each other, each under its name. */
export function SettingsSections({ sections, look = '' }: Props): ReactElement {
  return (
    <div className={`page-body settings ${look}`}>
      {sections.map(({ id, title, Section }) => (
        <section key={id} aria-labelledby={id}>
          <h2 id={id}>{title}</h2>
          <Section />
        </section>
      ))}
    </div>
  );
}

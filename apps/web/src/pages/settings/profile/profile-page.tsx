import '../settings.css';
import './profile.css';
import type { ReactElement } from 'react';
import { type SettingsSection, SettingsSections } from '../settings-sections.tsx';
import { AboutForm } from './about-form.tsx';
import { AvatarForm } from './avatar-form.tsx';
import { LooksForm } from './looks-form.tsx';
import { RestForm } from './rest-form.tsx';
import { WhoLooked } from './who-looked.tsx';
import { ZoneForm } from './zone-form.tsx';

/** What is on the page, in its order. */
const sections: readonly SettingsSection[] = [
  { id: 'profile-picture', title: 'Picture', Section: AvatarForm },
  { id: 'profile-about', title: 'You', Section: AboutForm },
  { id: 'profile-zone', title: 'Time zone', Section: ZoneForm },
  { id: 'profile-rest', title: 'Rest days and holidays', Section: RestForm },
  { id: 'profile-looks', title: 'Looks', Section: LooksForm },
  { id: 'who-looked', title: 'Who looked', Section: WhoLooked },
];

/** Who one is in this workspace, how one’s days are cut, how the screens look, and who looked. */
export function ProfilePage(): ReactElement {
  return <SettingsSections sections={sections} />;
}

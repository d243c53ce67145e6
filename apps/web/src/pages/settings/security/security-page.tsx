import '../settings.css';
import './security.css';
import './sign-in.css';
import type { ReactElement } from 'react';
import { type SettingsSection, SettingsSections } from '../settings-sections.tsx';
import { AddressSection } from './address-section.tsx';
import { DevicesSection } from './devices-section.tsx';
import { GithubSection } from './github-section.tsx';
import { PasskeysSection } from './passkeys-section.tsx';
import { PasswordSection } from './password-section.tsx';
import { SessionsSection } from './sessions-section.tsx';
import { TokensSection } from './tokens-section.tsx';
import { TwoFactorSection } from './two-factor-section.tsx';

/** What is on the page, from how one signs in to who is signed in. Each section says by itself that it loads or failed. */
const sections: readonly SettingsSection[] = [
  { id: 'address', title: 'E-mail address', Section: AddressSection },
  { id: 'password', title: 'Password', Section: PasswordSection },
  { id: 'two-factor', title: 'Two-factor sign-in', Section: TwoFactorSection },
  { id: 'passkeys', title: 'Passkeys', Section: PasskeysSection },
  { id: 'github', title: 'GitHub', Section: GithubSection },
  { id: 'sessions', title: 'Sessions', Section: SessionsSection },
  { id: 'devices', title: 'Devices', Section: DevicesSection },
  { id: 'tokens', title: 'API tokens', Section: TokensSection },
];

/** How this account is entered, and what is signed in to it. */
export function SecurityPage(): ReactElement {
  return <SettingsSections sections={sections} look="security" />;
}

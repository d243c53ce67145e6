import './settings.css';
import type { ReactElement } from 'react';
import { DeviceSettings } from './device-settings.tsx';
import { WorkspaceLinks } from './workspace-links.tsx';

/** The way to the workspaces, and out. */
export function SettingsPage(): ReactElement {
  return (
    <div className="page-body settings">
      <section aria-labelledby="settings-workspace">
        <h2 id="settings-workspace">Workspace</h2>
        <WorkspaceLinks />
      </section>
      <section aria-labelledby="settings-device">
        <h2 id="settings-device">This browser</h2>
        <DeviceSettings />
      </section>
    </div>
  );
}

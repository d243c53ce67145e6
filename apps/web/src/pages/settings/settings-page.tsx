import './settings.css';
import type { ReactElement } from 'react';
import { PageHead } from '../../frame/page-head.tsx';
import { DeviceSettings } from './device-settings.tsx';
import { OtherWorkspaces } from './other-workspaces.tsx';
import { WorkspaceForm } from './workspace-form.tsx';
import { YouForm } from './you-form.tsx';

/** What can be set: about the person, the workspace, and this device. */
export function SettingsPage(): ReactElement {
  return (
    <>
      <PageHead title="Settings" />
      <div className="page-body settings">
        <section aria-labelledby="settings-you">
          <h2 id="settings-you">You</h2>
          <YouForm />
        </section>
        <section aria-labelledby="settings-workspace">
          <h2 id="settings-workspace">Workspace</h2>
          <div>
            <WorkspaceForm />
            <OtherWorkspaces />
          </div>
        </section>
        <section aria-labelledby="settings-device">
          <h2 id="settings-device">This device</h2>
          <DeviceSettings />
        </section>
      </div>
    </>
  );
}

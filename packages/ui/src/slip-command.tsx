import type { ReactElement } from 'react';
import { CopyButton } from './copy-button.tsx';
import { SlipPart } from './slip-paper.tsx';

/** A command that, pasted, gives the same number. */
export function SlipCommand({ command }: { command: string }): ReactElement {
  return (
    <SlipPart title="Ask for it yourself" aside={<CopyButton text={command} />}>
      <pre className="code" tabIndex={0} aria-label="Command that gives the same number">
        {command}
      </pre>
    </SlipPart>
  );
}

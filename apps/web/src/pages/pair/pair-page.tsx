import '../settings/security/security.css';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { Skeleton } from '@devpulse/ui/skeleton.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { describeError } from '../../api-error.ts';
import { PageHead } from '../../frame/page-head.tsx';
import { useLocation } from '../../router/use-router.ts';
import { pairingQuery } from './pair-api.ts';
import { PairAnswer } from './pair-answer.tsx';

/** Where somebody who is signed in lets a program in that shows a short code. */
export function PairPage(): ReactElement {
  const { hash } = useLocation();
  return (
    <>
      <PageHead title="Pair a device" />
      <div className="page-body pair">
        {/* A link of the program brings the code along; it is compared all the same. */}
        <Pairing key={hash} brought={decodeCode(hash)} />
      </div>
    </>
  );
}

function Pairing({ brought }: { brought: string | null }): ReactElement {
  const [code, setCode] = useState(brought);
  const { data, error, isFetching, refetch } = useQuery({ ...pairingQuery(code ?? ''), enabled: code !== null });
  if (code === null) return <CodeForm typed="" onCode={setCode} />;
  if (data !== undefined) return <PairAnswer code={code} pairing={data} onOther={() => setCode(null)} />;
  if (error === null || isFetching) return <Skeleton height="10rem" shape="block" />;
  return (
    <>
      <CodeForm typed={code} onCode={(next) => (next === code ? void refetch() : setCode(next))} />
      <ErrorNote title="No device can be shown" action={<Button onClick={() => void refetch()}>Look again</Button>}>
        {describeError(error)}
      </ErrorNote>
    </>
  );
}

function CodeForm({ typed, onCode }: { typed: string; onCode: (code: string) => void }): ReactElement {
  const [code, setCode] = useState(typed);
  const [tried, setTried] = useState(false);
  const isCode = lettersOf(code).length === 8;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (isCode) onCode(writeCode(code));
      }}
    >
      <p className="page-note">
        Start pairing in the program you want to let in. It shows a code of eight letters, which counts for ten minutes.
      </p>
      <Field label="Code" error={tried && !isCode ? 'A code has eight letters, such as WDJB-MJHT.' : undefined}>
        {(ids) => (
          <TextInput
            {...ids}
            mono
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            maxLength={20}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        )}
      </Field>
      <Button tone="primary" type="submit">
        Go on
      </Button>
    </form>
  );
}

function decodeCode(hash: string): string | null {
  return lettersOf(hash).length === 8 ? writeCode(hash) : null;
}

function lettersOf(text: string): string {
  return text.toUpperCase().replaceAll(/[^A-Z]/g, '');
}

/** In two halves, as the program shows it. */
function writeCode(text: string): string {
  const letters = lettersOf(text);
  return `${letters.slice(0, 4)}-${letters.slice(4, 8)}`;
}

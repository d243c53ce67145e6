import { useEffect, useRef } from 'react';
import { paths } from '../paths.ts';
import { readPreferences, setPreference } from '../preferences.ts';
import { createKeyReader, type KeyAct } from './key-list.ts';
import { useNavigate } from '../router/use-router.ts';

/** Obeys single keys, unless somebody is writing, a dialog is open, or they are turned off. */
export function useKeys({ showList }: { showList: () => void }): void {
  const navigate = useNavigate();
  const act = useRef<(name: KeyAct) => void>(() => undefined);
  useEffect(() => {
    act.current = (name) => {
      switch (name) {
        case 'home':
        case 'repositories':
        case 'sources':
          return void navigate({ to: paths[name] });
        case 'receipt':
          return pressInTile('[data-receipt]');
        case 'table':
          return pressInTile('[data-table-switch]');
        case 'fold':
          return setPreference('sideBar', readPreferences().sideBar === 'folded' ? 'open' : 'folded');
        case 'list':
          return showList();
      }
    };
  });
  useEffect(() => {
    const read = createKeyReader();
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (readPreferences().keys === 'off' || isWriting(event.target) || document.querySelector('dialog:modal')) return;
      const name = read(event.key, event.timeStamp);
      if (name === null) return;
      event.preventDefault();
      act.current(name);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox], [type=radio])');
}

/** In the tile that holds the focus: its figure, or the button that turns it into a table. */
function pressInTile(selector: string): void {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement)) return;
  const found = focused.matches(selector) ? focused : focused.closest('article')?.querySelector<HTMLElement>(selector);
  found?.click();
}

import { useId, useRef, type KeyboardEvent, type ReactElement, type ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-paths.ts';
import { placePopover } from './place-popover.ts';
import { stepIndex } from './step-index.ts';

export interface MenuItem {
  id: string;
  label: ReactNode;
  icon?: IconName | undefined;
  onSelect: () => void;
  /** Present for a choice: drawn with a tick when true. */
  checked?: boolean | undefined;
  tone?: 'plain' | 'danger' | undefined;
  /** Parts it from the items before. */
  parted?: boolean | undefined;
}

export interface MenuProps {
  /** Name of the button: `Commits: menu`. */
  label: string;
  items: readonly MenuItem[];
  /** What the button shows; three dots when left out. */
  button?: ReactNode;
  className?: string | undefined;
}

/** A list of acts behind a button, on the browser's own popover: Escape and a press outside close it. */
export function Menu({ label, items, button, className }: MenuProps): ReactElement {
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const rows = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])];
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Tab') list.current?.hidePopover();
    const all = rows();
    const next = stepIndex(event.key, all.indexOf(document.activeElement as HTMLElement), all.length);
    if (next === null) return;
    event.preventDefault();
    all[next]?.focus();
  };
  return (
    <>
      <button
        ref={opener}
        type="button"
        className={className ?? (button ? 'btn' : 'btn btn-quiet btn-icon')}
        aria-label={label}
        aria-haspopup="menu"
        popoverTarget={id}
      >
        {button ?? <Icon name="more" />}
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className="menu"
        onKeyDown={onKeyDown}
        onToggle={(event) => {
          if (event.newState !== 'open' || !opener.current || !list.current) return;
          placePopover(list.current, opener.current);
          rows()[0]?.focus();
        }}
      >
        {items.map((item) => (
          <MenuRow key={item.id} item={item} close={() => list.current?.hidePopover()} />
        ))}
      </div>
    </>
  );
}

function MenuRow({ item, close }: { item: MenuItem; close: () => void }): ReactElement {
  const isChoice = item.checked !== undefined;
  return (
    <button
      type="button"
      role={isChoice ? 'menuitemcheckbox' : 'menuitem'}
      aria-checked={isChoice ? item.checked : undefined}
      tabIndex={-1}
      className={`menu-row${item.tone === 'danger' ? ' menu-danger' : ''}${item.parted ? ' menu-parted' : ''}`}
      onClick={() => {
        close();
        item.onSelect();
      }}
    >
      {isChoice ? (
        <span className="menu-tick">{item.checked && <Icon name="check" size="small" />}</span>
      ) : (
        item.icon && <Icon name={item.icon} />
      )}
      <span>{item.label}</span>
    </button>
  );
}

import { useId, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { filterOptions, type ComboboxOption } from './filter-options.ts';
import { placePopover } from './place-popover.ts';

export interface ComboboxProps {
  /** From the Field around it. */
  id: string;
  'aria-describedby'?: string | undefined;
  'aria-invalid'?: true | undefined;
  options: readonly ComboboxOption[];
  value: string;
  /** Called with the value of an option, never with half a word. */
  onChange: (value: string) => void;
  placeholder?: string | undefined;
  name?: string | undefined;
}

/** One of many, found by typing, such as a time zone. What is not in the list cannot be chosen. */
export function Combobox({ options, value, onChange, ...rest }: ComboboxProps): ReactElement {
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const isOpen = typed !== null;
  const shown = isOpen ? filterOptions(options, typed) : [];
  const chosen = options.find((option) => option.value === value);

  const open = (text: string): void => {
    setTyped(text);
    setActive(0);
    if (!list.current || !input.current || list.current.matches(':popover-open')) return;
    list.current.style.minWidth = `${input.current.offsetWidth}px`;
    list.current.showPopover();
    placePopover(list.current, input.current);
  };
  const close = (): void => {
    setTyped(null);
    if (list.current?.matches(':popover-open')) list.current.hidePopover();
  };
  const choose = (option: ComboboxOption | undefined): void => {
    if (option) onChange(option.value);
    close();
  };
  // Whoever typed enough to have one marked and goes on means that one; to drop it without a word would be to lose an answer.
  const leave = (): void => (typed === null || typed.trim() === '' ? close() : choose(shown[active]));
  const move = (index: number): void => {
    setActive(index);
    document.getElementById(`${listId}-${index}`)?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!isOpen) return open('');
      return move(Math.max(0, Math.min(shown.length - 1, active + (event.key === 'ArrowDown' ? 1 : -1))));
    }
    if (!isOpen) return;
    if (event.key === 'Enter' || event.key === 'Escape') event.preventDefault();
    if (event.key === 'Enter') choose(shown[active]);
    if (event.key === 'Escape') close();
  };
  return (
    <>
      <input
        {...rest}
        ref={input}
        type="text"
        role="combobox"
        className="input combobox"
        autoComplete="off"
        spellCheck={false}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-activedescendant={isOpen && shown.length > 0 ? `${listId}-${active}` : undefined}
        value={typed ?? chosen?.label ?? value}
        onChange={(event) => open(event.target.value)}
        onClick={(event) => {
          event.currentTarget.select();
          if (!isOpen) open('');
        }}
        onKeyDown={onKeyDown}
        onBlur={leave}
      />
      <div ref={list} id={listId} popover="manual" role="listbox" className="menu options" aria-label="Matches">
        <Matches listId={listId} shown={shown} active={active} onChoose={choose} />
        {isOpen && shown.length === 0 && <p className="options-none">Nothing matches “{typed}”.</p>}
      </div>
    </>
  );
}

interface MatchesProps {
  listId: string;
  shown: readonly ComboboxOption[];
  active: number;
  onChoose: (option: ComboboxOption) => void;
}

function Matches({ listId, shown, active, onChoose }: MatchesProps): ReactElement[] {
  return shown.map((option, index) => (
    <div
      key={option.value}
      id={`${listId}-${index}`}
      role="option"
      aria-selected={index === active}
      className="option"
      // Before the field loses the focus, and with it the list.
      onPointerDown={(event) => {
        event.preventDefault();
        onChoose(option);
      }}
    >
      <span>{option.label}</span>
      {option.note && <small>{option.note}</small>}
    </div>
  ));
}

import { lazy, Suspense, useId, useState, type ReactElement } from 'react';
import type { Day } from '@devpulse/contract/day';
import { Chip } from '@devpulse/ui/chip.tsx';
import { formatDayRange } from '@devpulse/ui/format/format-day';
import { Segmented } from '@devpulse/ui/segmented.tsx';
import { paths } from '../paths.ts';
import { defaultRange, type RangeName, type Window } from '../range/window-of.ts';
import type { BoardSearch } from './board-search.ts';
import { RepositoryFilter } from './repository-filter.tsx';
import { SubjectSwitch } from './subject-switch.tsx';
import { useNavigate } from '../router/use-router.ts';

// Nobody sees it before it is asked for.
const DaysDialog = lazy(async () => ({ default: (await import('./days-dialog.tsx')).DaysDialog }));

const ranges = [
  { value: 'week', label: 'Week', title: 'This week so far' },
  { value: '4w', label: '4 wk', title: 'This week and the three before' },
  { value: '12w', label: '12 wk', title: 'This week and the eleven before' },
  { value: 'year', label: 'Year', title: 'The twelve months up to today' },
] as const satisfies readonly { value: RangeName; label: string; title: string }[];

export interface BoardBarProps {
  search: BoardSearch;
  window: Window;
  today: Day;
  zone: string;
}

/** What all tiles of the board have in common: the days, whose they are, and which repositories. */
export function BoardBar({ search, window, today, zone }: BoardBarProps): ReactElement {
  const [asking, setAsking] = useState(false);
  const change = useBoardChange();
  const own = search.from !== undefined;
  const range = own ? null : (search.range ?? defaultRange);
  const choose = (name: RangeName): void =>
    change({ range: name === defaultRange ? undefined : name, from: undefined, to: undefined });
  return (
    <div className="bar" role="group" aria-label="What the board shows">
      <span className="only-wide">
        <Segmented label="Range" value={range} options={ranges} onChange={choose} />
      </span>
      <RangeSelect
        range={range}
        own={formatDayRange(window.from, window.to, today)}
        onChoose={choose}
        onAsk={() => setAsking(true)}
      />
      <Chip
        className="only-wide"
        onClick={() => setAsking(true)}
        aria-haspopup="dialog"
        aria-label={`${formatDayRange(window.from, window.to, today)}: change the days`}
      >
        {formatDayRange(window.from, window.to, today)}
      </Chip>
      <RepositoryFilter chosen={search.resource} onChoose={(resource) => change({ resource })} />
      <SubjectSwitch subject={search.subject} onChoose={(subject) => change({ subject })} />
      <span className="bar-zone only-wide" title="Days are cut in this zone">
        {zone}
      </span>
      {asking && (
        <Suspense fallback={null}>
          <DaysDialog
            window={window}
            today={today}
            onClose={() => setAsking(false)}
            onChoose={({ from, to }) => {
              setAsking(false);
              change({ range: undefined, from, to });
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

function useBoardChange(): (change: { [Key in keyof BoardSearch]?: BoardSearch[Key] | undefined }) => void {
  const navigate = useNavigate();
  return (change) =>
    void navigate({
      to: paths.home,
      search: (before: object) => ({ ...before, ...change }),
    });
}

const ownDays = 'own';

/** The same choice on a phone, where the four buttons would not fit. */
function RangeSelect(props: {
  range: RangeName | null;
  /** The days in words, should they be none of the named ranges. */
  own: string;
  onChoose: (name: RangeName) => void;
  onAsk: () => void;
}): ReactElement {
  const { range, own, onChoose, onAsk } = props;
  const id = useId();
  return (
    <span className="only-phone">
      <label className="vh" htmlFor={id}>
        Range
      </label>
      <select
        id={id}
        className="input select bar-select"
        value={range ?? ownDays}
        onChange={(event) => {
          const name = ranges.find(({ value }) => value === event.currentTarget.value)?.value;
          if (name === undefined) onAsk();
          else onChoose(name);
        }}
      >
        <option value="week">This week</option>
        <option value="4w">4 weeks</option>
        <option value="12w">12 weeks</option>
        <option value="year">A year</option>
        <option value={ownDays}>{range === null ? own : 'Own days…'}</option>
        {range === null && <option value="other">Other days…</option>}
      </select>
    </span>
  );
}

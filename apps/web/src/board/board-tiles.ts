import type { TileSpan } from '@devpulse/contract/widget';
import type { ListedWidget } from '@devpulse/ui/view-props';
import { widgets } from '@devpulse/widgets/views.gen';
import type { Scope } from '../api.ts';

interface Place {
  id: string;
  /** How much room the board gives it; left out: what the widget itself asks for. */
  span?: Partial<TileSpan>;
}

/** The first boards, in reading order, laid out so that no row has a hole. Boards of one's own come later. */
const boards: { [Kind in 'person' | 'workspace']: readonly Place[] } = {
  person: [
    { id: 'totals' },
    { id: 'activity_calendar', span: { wide: 8, middle: 12 } },
    { id: 'streak', span: { wide: 4, middle: 5 } },
    { id: 'activity_by_day', span: { wide: 8, middle: 7 } },
    { id: 'activity_by_hour', span: { wide: 4, middle: 6 } },
    { id: 'repositories', span: { wide: 4, middle: 6 } },
    { id: 'languages', span: { wide: 4, middle: 6 } },
    { id: 'records', span: { wide: 4, middle: 6 } },
    { id: 'recent_activity', span: { wide: 12, middle: 12 } },
  ],
  workspace: [
    { id: 'totals' },
    { id: 'activity_calendar', span: { wide: 8, middle: 12 } },
    { id: 'records', span: { wide: 4, middle: 5 } },
    { id: 'activity_by_day', span: { wide: 12, middle: 7 } },
    { id: 'repositories', span: { wide: 6, middle: 6 } },
    { id: 'languages', span: { wide: 6, middle: 6 } },
    { id: 'recent_activity', span: { wide: 12, middle: 12 } },
  ],
};

const placed = new Set(Object.values(boards).flatMap((places) => places.map(({ id }) => id)));

/** The tiles that can say something about this subject; what no board places stands at the end, so that it is seen. */
export function boardTiles(scope: Pick<Scope, 'subject'>): readonly ListedWidget[] {
  const kind = scope.subject === 'workspace' ? 'workspace' : 'person';
  const able = widgets.filter((widget) => widget.subjects.includes(kind));
  return [
    ...boards[kind].flatMap(({ id, span }) =>
      able.filter((widget) => widget.id === id).map((widget) => ({ ...widget, span: { ...widget.span, ...span } })),
    ),
    ...able.filter((widget) => !placed.has(widget.id)),
  ];
}

/** Metrics that a tile asks, for the live channel. */
export function metricsOf(id: string): readonly string[] {
  return widgets.find((widget) => widget.id === id)?.metrics ?? [];
}

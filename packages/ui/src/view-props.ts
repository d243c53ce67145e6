import type { ComponentType } from 'react';
import type { ResultOf, WidgetCard } from '@devpulse/contract/widget';
import type { WidgetAnswer } from '@devpulse/contract/wire/widgets';

/** Whose numbers a tile shows, over which days, how whole and how fresh. */
export type TileAnswer = Pick<
  WidgetAnswer,
  'from' | 'to' | 'today' | 'weekStart' | 'subject' | 'resource' | 'state' | 'stateReason' | 'asOf'
>;

/**
 * What the browser half of a widget is handed: `export function View({ result, answer }: ViewProps<typeof widget>)`.
 * It draws the tile's body, and only when there is a result: frame, title, state and loading are the page's.
 */
export interface ViewProps<Declared extends { result: unknown }> {
  result: ResultOf<Declared>;
  answer: TileAnswer;
}

/** The module `view.tsx` of a widget, as the page loads it. The result was checked by the server against its schema. */
export interface ViewModule {
  View: ComponentType<{ result: never; answer: TileAnswer }>;
}

/** A widget as the browser's registry lists it: plain data, and its view on demand. */
export interface ListedWidget extends WidgetCard {
  load: () => Promise<ViewModule>;
}

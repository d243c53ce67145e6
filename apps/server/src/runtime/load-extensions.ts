import { connectors } from '@devpulse/connectors/registry.gen';
import type { Connector } from '@devpulse/contract/connector';
import type { LoadedMetric } from '@devpulse/contract/metric';
import { metrics } from '@devpulse/metrics/registry.gen';
import type { LoadedWidget } from '@devpulse/pipeline/serve/ask';
import { widgets } from '@devpulse/widgets/queries.gen';

/** Every connector by its id. */
export function loadConnectors(): ReadonlyMap<string, Connector> {
  return new Map(connectors.map((connector) => [connector.id, connector]));
}

/** Every metric by its id. */
export function loadMetrics(): ReadonlyMap<string, LoadedMetric> {
  return new Map(metrics.map((metric) => [metric.id, metric]));
}

/** Every widget by its id. */
export function loadWidgets(): ReadonlyMap<string, LoadedWidget> {
  return new Map(widgets.map((loaded) => [loaded.widget.id, loaded]));
}

/** Where the parsing threads find the connectors. */
export const connectorRegistry = import.meta.resolve('@devpulse/connectors/registry.gen');

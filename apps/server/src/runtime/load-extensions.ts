import { connectors } from '@devpulse/connectors/registry.gen';
import type { Connector } from '@devpulse/contract/connector';
import type { LoadedMetric } from '@devpulse/contract/metric';
import { metrics } from '@devpulse/metrics/registry.gen';

/** Every connector by its id. */
export function loadConnectors(): ReadonlyMap<string, Connector> {
  return new Map(connectors.map((connector) => [connector.id, connector]));
}

/** Every metric by its id. */
export function loadMetrics(): ReadonlyMap<string, LoadedMetric> {
  return new Map(metrics.map((metric) => [metric.id, metric]));
}

/** Where the parsing threads find the connectors. */
export const connectorRegistry = import.meta.resolve('@devpulse/connectors/registry.gen');

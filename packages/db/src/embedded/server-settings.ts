import type { Endpoint } from './socket-folder.ts';

/**
 * The command line of the embedded PostgreSQL. Settings stand here and not in postgresql.conf, so that an upgrade of
 * DevPulse changes them for every folder.
 */
export function serverArguments(cluster: string, endpoint: Endpoint): string[] {
  const settings = { ...listenSettings(endpoint), ...DURABILITY, ...MEMORY, ...SPEECH };
  return ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

const DURABILITY = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // A base backup reads the WAL through the replication protocol.
  wal_level: 'replica',
  max_wal_senders: '3',
  max_replication_slots: '0',
};

/** Modest on purpose: DevPulse shares a laptop or a small server with everything else on it. */
const MEMORY = {
  shared_buffers: '64MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  temp_buffers: '4MB',
  wal_buffers: '4MB',
  min_wal_size: '80MB',
  max_wal_size: '512MB',
  max_connections: '60',
  autovacuum_max_workers: '2',
  max_parallel_workers_per_gather: '1',
};

const SPEECH = {
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_destination: 'stderr',
  logging_collector: 'off',
  log_line_prefix: '%m [%p] ',
  log_min_messages: 'warning',
  // Every five minutes a line for each checkpoint would fill the log of an idle server.
  log_checkpoints: 'off',
  // A failing statement may hold a password or a person's data; the caller has its text anyway.
  log_min_error_statement: 'panic',
  log_parameter_max_length_on_error: '0',
};

function listenSettings(endpoint: Endpoint): Record<string, string> {
  if (process.platform === 'win32') {
    return { listen_addresses: endpoint.host, port: String(endpoint.port), unix_socket_directories: '' };
  }
  return {
    listen_addresses: '',
    port: String(endpoint.port),
    // The value is a list; in quotes a comma or a blank in the path stays part of it.
    unix_socket_directories: `"${endpoint.host.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
  };
}

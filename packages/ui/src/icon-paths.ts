/** Circle of the icon grid as a path, so that every icon is one path. */
const ring = (x: number, y: number, r: number): string =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
/** A dot: a stroke of no length with round ends. */
const dot = (x: number, y: number): string => `M${x} ${y}h.01`;

/** All icons, drawn on one grid of 16 px with a stroke of 1.5 px. */
export const iconPaths = {
  home: 'M2.5 2.5H7v6H2.5zM9 2.5h4.5V6H9zM9 8h4.5v5.5H9zM2.5 10.5H7v3H2.5z',
  commit: `${ring(8, 8, 2.5)}M1.5 8h4M10.5 8h4`,
  pull_request: `${ring(4, 3.8, 1.6)}${ring(4, 12.2, 1.6)}${ring(12, 12.2, 1.6)}M4 5.4v5.2M8 3.8h2.5A1.5 1.5 0 0 1 12 5.3v5.3`,
  repository: 'M4 2.5h8.5v11H4.2a1.2 1.2 0 0 1 0-2.5h8.3M3 12.2V3.7',
  source: 'M5.5 2.5v3M10.5 2.5v3M4 5.5h8v2a4 4 0 0 1-8 0zM8 11.5V14',
  reach: 'M2.5 12.5l3.5-4 2.5 2 5-6.5M10 4h3.5v3.5',
  more: `${ring(3.5, 8, 0.6)}${ring(8, 8, 0.6)}${ring(12.5, 8, 0.6)}`,
  down: 'M4.5 6.5L8 10l3.5-3.5',
  right: 'M6.5 4.5L10 8l-3.5 3.5',
  left: 'M9.5 4.5L6 8l3.5 3.5',
  close: 'M4 4l8 8M12 4l-8 8',
  plus: 'M8 3.5v9M3.5 8h9',
  check: 'M3.5 8.5l3 3 6-7',
  receipt: 'M3.5 2h9v12L11 12.8 9.5 14 8 12.8 6.5 14 5 12.8 3.5 14zM6 5.5h4M6 8.5h4',
  link: 'M7 9.5a2.5 2.5 0 0 0 3.6 0l2-2A2.5 2.5 0 0 0 9 4l-.7.7M9 6.5a2.5 2.5 0 0 0-3.6 0l-2 2A2.5 2.5 0 0 0 7 12l.7-.7',
  download: 'M8 2.5V10M5 7.5l3 3 3-3M3 13.5h10',
  copy: 'M5.5 5.5h7v8h-7zM10.5 5.5v-3h-7v8h2',
  stale: `${ring(8, 8, 5.5)}M8 5v3.2l-2 1.3`,
  throttled: 'M4.5 2.5h7M4.5 13.5h7M5 2.5c0 3 3 3.5 3 5.5s-3 2.5-3 5.5M11 2.5c0 3-3 3.5-3 5.5s3 2.5 3 5.5',
  denied: 'M4 7.5h8v6H4zM5.5 7.5v-2a2.5 2.5 0 0 1 5 0v2',
  failed: 'M5.5 2.5h5l3 3v5l-3 3h-5l-3-3v-5zM8 5.5v3M8 10.7v.01',
  empty: `${ring(8, 8, 5)}M3.5 12.5l9-9`,
  not_connected:
    'M13.4 9.1a5.5 5.5 0 0 1-1.1 2.4M10.2 13a5.5 5.5 0 0 1-2.7.5M5.2 12.7a5.5 5.5 0 0 1-1.9-1.9M2.6 8.5a5.5 5.5 0 0 1 .5-2.7M4.3 4a5.5 5.5 0 0 1 2.3-1.3M9.2 2.6a5.5 5.5 0 0 1 2.4 1.3M13.1 6l.2.6',
  unknown: 'M3 3h10v10H3zM3 9l6-6M3.5 12.5l9-9M7 13l6-6',
  sun: `${ring(8, 8, 2.8)}M8 1.8v1.4M8 12.8v1.4M1.8 8h1.4M12.8 8h1.4M3.6 3.6l1 1M11.4 11.4l1 1M12.4 3.6l-1 1M4.6 11.4l-1 1`,
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z',
  screen: 'M2.5 3.5h11v7.5h-11zM6 13.5h4M8 11v2.5',
  calendar: 'M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v2.5M10.5 2v2.5',
  table: 'M2.5 3.5h11v9h-11zM2.5 6.5h11M2.5 9.5h11M7 3.5v9',
  bars: 'M3.5 13V8.5M8 13V3M12.5 13V6.5',
  folder: 'M2 4h4l1.5 1.5H14V13H2z',
  undo: 'M5.5 3l-3 3 3 3M2.5 6h7a3.5 3.5 0 0 1 0 7H6',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.5v9l7-4.5z',
  bin: 'M3 4.5h10M6 4.5v-2h4v2M4.5 4.5l.5 9h6l.5-9',
  person: `${ring(8, 5.5, 2.5)}M3.5 13.5c.3-2.8 2-4.3 4.5-4.3s4.2 1.5 4.5 4.3`,
  team: `${ring(6, 5.5, 2.2)}M2 13c.3-2.4 1.8-3.8 4-3.8s3.7 1.4 4 3.8M10.5 3.5a2.2 2.2 0 0 1 0 4M12 9.5c1.2.5 1.9 1.7 2 3.5`,
  settings: `M2.5 5h5M11.5 5h2M2.5 11h2M8.5 11h5${ring(9.5, 5, 2)}${ring(6.5, 11, 2)}`,
  sign_out: 'M6.5 2.5h-3v11h3M7 8h6.5M10.5 5l3 3-3 3',
  flask: 'M6 2.5h4M6.5 2.5V6.5L3 13.5h10L9.5 6.5v-4M5 10h6',
  keyboard: `M2 4.5h12v7.5H2zM5.5 9.5h5${dot(4.5, 7)}${dot(7, 7)}${dot(9.3, 7)}${dot(11.5, 7)}`,
  offline: 'M2.5 2.5l11 11M3 6.5a8 8 0 0 1 2-1.3M8 4.3a8 8 0 0 1 5 2.2M5.5 9a4 4 0 0 1 1.6-1M8 12.5v.01',
  info: `${ring(8, 8, 5.5)}M8 7.3v3.4M8 5.3v.01`,
} as const;

/** Name of an icon. */
export type IconName = keyof typeof iconPaths;

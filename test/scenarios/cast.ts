import type { Signature } from './history.ts';
import type { Region } from './public-holidays.ts';

/** How somebody works, in words that the planner of days understands. */
export interface Member {
  id: string;
  name: string;
  emails: readonly [string, ...string[]];
  zone: string;
  region: Region;
  /** Commits on an ordinary working day, on average. */
  pace: number;
  /** Hours of the own clock between which the work lies; an end after 24 reaches into the night. */
  hours: readonly [number, number];
  /** How likely a day of the weekend sees any work. */
  weekend: number;
  /** How likely the second address signs a commit, on working days and on days off. */
  secondAddress?: readonly [number, number];
  /** How likely an agent is thanked in a trailer. */
  withAgent: number;
  repositories: Readonly<Record<string, number>>;
  /** Days after the beginning of the year; before it nothing is theirs. */
  joins?: number;
}

/** The year of one person and the eleven others of a team. Names and addresses are made up and lead nowhere. */
export const team: readonly Member[] = [
  {
    id: 'mira',
    name: 'Mira Solano',
    emails: ['mira.solano@harbor.test', 'mira@home.example.org'],
    zone: 'Europe/Lisbon',
    region: 'PT',
    pace: 2.9,
    hours: [9, 19],
    weekend: 0.14,
    secondAddress: [0.05, 0.7],
    withAgent: 0.1,
    repositories: { 'harbor-web': 5, 'harbor-api': 3, 'harbor-docs': 1, 'harbor-infra': 1 },
  },
  {
    id: 'jonas',
    name: 'Jonas Weidmann',
    emails: ['jonas.weidmann@harbor.test', 'jw@laptop.example.org'],
    zone: 'Europe/Berlin',
    region: 'DE',
    pace: 1.9,
    hours: [8, 17],
    weekend: 0.03,
    secondAddress: [0.12, 0.5],
    withAgent: 0,
    repositories: { 'harbor-api': 6, 'harbor-infra': 2 },
  },
  {
    id: 'aarav',
    name: 'Aarav Kulkarni',
    emails: ['aarav.kulkarni@harbor.test'],
    zone: 'Asia/Kolkata',
    region: 'IN',
    pace: 2,
    hours: [10, 19.5],
    weekend: 0.05,
    withAgent: 0.05,
    repositories: { 'harbor-data': 5, 'harbor-api': 2 },
  },
  {
    id: 'zoe',
    name: 'Zoë Brandsma',
    emails: ['zoe.brandsma@harbor.test'],
    zone: 'Europe/Amsterdam',
    region: 'NL',
    pace: 1.7,
    hours: [9, 17.5],
    weekend: 0.02,
    withAgent: 0.12,
    repositories: { 'harbor-web': 6, 'harbor-docs': 2 },
  },
  {
    id: 'lukasz',
    name: 'Łukasz Wróbel',
    emails: ['lukasz.wrobel@harbor.test'],
    zone: 'Europe/Warsaw',
    region: 'PL',
    pace: 1.6,
    hours: [8, 16.5],
    weekend: 0.03,
    withAgent: 0,
    repositories: { 'harbor-infra': 6, 'harbor-api': 2 },
  },
  {
    id: 'hina',
    name: '田中 陽菜',
    emails: ['hina.tanaka@harbor.test'],
    zone: 'Asia/Tokyo',
    region: 'JP',
    pace: 1.7,
    hours: [9.5, 19],
    weekend: 0.03,
    withAgent: 0.04,
    repositories: { 'harbor-web': 4, 'harbor-data': 2 },
  },
  {
    id: 'thandi',
    name: 'Thandi Mokoena',
    emails: ['thandi.mokoena@harbor.test'],
    zone: 'Africa/Johannesburg',
    region: 'ZA',
    pace: 1.6,
    hours: [8.5, 17],
    weekend: 0.02,
    withAgent: 0,
    repositories: { 'harbor-data': 6, 'harbor-docs': 1 },
  },
  {
    id: 'oscar',
    name: 'Óscar Peñalver',
    emails: ['oscar.penalver@harbor.test'],
    zone: 'Europe/Madrid',
    region: 'ES',
    pace: 1.9,
    hours: [18.5, 26.5],
    weekend: 0.16,
    withAgent: 0.06,
    repositories: { 'harbor-api': 5, 'harbor-web': 2 },
  },
  {
    id: 'riley',
    name: 'Riley Quill',
    emails: ['riley.quill@harbor.test'],
    zone: 'America/New_York',
    region: 'US',
    pace: 1.5,
    hours: [8.5, 17],
    weekend: 0.03,
    withAgent: 0,
    repositories: { 'harbor-infra': 4, 'harbor-docs': 2, 'harbor-api': 1 },
  },
  {
    id: 'ines',
    name: 'Inês Catarino',
    emails: ['ines.catarino@harbor.test'],
    zone: 'Europe/Lisbon',
    region: 'PT',
    pace: 1.3,
    hours: [9.5, 18],
    weekend: 0.02,
    withAgent: 0,
    repositories: { 'harbor-docs': 5, 'harbor-web': 2 },
  },
  {
    id: 'farid',
    name: 'Farid Haddadi',
    emails: ['farid.haddadi@harbor.test'],
    zone: 'Europe/Paris',
    region: 'FR',
    pace: 1.6,
    hours: [9, 18],
    weekend: 0.03,
    withAgent: 0.08,
    repositories: { 'harbor-data': 4, 'harbor-api': 3 },
  },
  {
    id: 'noor',
    name: 'Noor Vestergaard',
    emails: ['noor.vestergaard@harbor.test'],
    zone: 'Europe/Copenhagen',
    region: 'DK',
    pace: 1.8,
    hours: [8.5, 16.5],
    weekend: 0.02,
    withAgent: 0.05,
    repositories: { 'harbor-web': 4, 'harbor-api': 2 },
    joins: 150,
  },
];

/** Updates dependencies, as it signs on GitHub. */
export const updater: Signature = {
  name: 'dependabot[bot]',
  email: '49699333+dependabot[bot]@users.noreply.github.com',
};

/** Writes code by itself. */
export const codingAgent: Signature = { name: 'Cursor Agent', email: 'cursoragent@cursor.com' };

/** Is thanked by people who wrote with its help. */
export const pairingAgent: Signature = { name: 'Claude', email: 'noreply@anthropic.com' };

/** Stores what was merged in the browser. */
export const webEditor: Signature = { name: 'GitHub', email: 'noreply@github.com' };

import path from 'node:path';

/** What `npm start` tells the program of its surroundings: quiet, and with compiled code kept between starts. */
export const programEnv = {
  LOG_LEVEL: 'error',
  NODE_COMPILE_CACHE: path.join(import.meta.dirname, '../../node_modules/.cache/devpulse'),
};

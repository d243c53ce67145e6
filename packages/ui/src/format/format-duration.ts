/** Minutes as two units at most, the largest first: 1600 is `26 h 40 min`, 3060 is `2 d 3 h`. From 48 hours in days. */
export function formatDuration(minutes: number): { number: string; unit: string }[] {
  const sign = minutes < 0 ? '\u2212' : '';
  const whole = Math.round(Math.abs(minutes));
  if (whole < 60) return [{ number: `${whole === 0 ? '' : sign}${whole}`, unit: 'min' }];
  if (whole < 48 * 60) return pair(sign, [Math.floor(whole / 60), 'h'], [whole % 60, 'min']);
  const hours = Math.round(whole / 60);
  return pair(sign, [Math.floor(hours / 24), 'd'], [hours % 24, 'h']);
}

function pair(sign: string, big: [number, string], small: [number, string]): { number: string; unit: string }[] {
  const parts = [{ number: `${sign}${big[0]}`, unit: big[1] }];
  if (small[0] !== 0) parts.push({ number: String(small[0]), unit: small[1] });
  return parts;
}

// Numbers, sizes, times and money as the person's language writes them.
import { locale } from '.';

const made = new Map<string, Intl.NumberFormat>();

function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  let format = made.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, options);
    made.set(key, format);
  }
  return format;
}

/** formatNumber writes a number with its groups: 1,204. */
export function formatNumber(value: number): string {
  return numbers({}).format(value);
}

// The short names of these units are neither plural nor short: "512 byte", "9 sec". Their symbols are the same everywhere.
const symbols: Readonly<Record<string, string>> = { byte: 'B', second: 's', hour: 'h' };

const sizes = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

/** formatBytes writes a number of bytes in units of 1,000: 512 B, 1.2 kB, 4 MB. */
export function formatBytes(bytes: number): string {
  let size = 0;
  let value = bytes;
  while (value >= 999.5 && size < sizes.length - 1) {
    value /= 1000;
    size++;
  }
  const maximumFractionDigits = size === 0 || value >= 100 ? 0 : 1;
  return unit(sizes[size] ?? 'byte', value, maximumFractionDigits);
}

function unit(unit: string, value: number, maximumFractionDigits = 0): string {
  const symbol = symbols[unit];
  if (symbol) return `${numbers({ maximumFractionDigits }).format(value)} ${symbol}`;
  return numbers({ style: 'unit', unit, maximumFractionDigits }).format(value);
}

/** formatDuration writes milliseconds: 940 ms, 9.3 s, 2 min 5 s, 3 h 12 min. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return unit('millisecond', ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms), 1);
  if (ms < 59_950) return unit('second', ms / 1000, ms < 9_950 ? 2 : 1);
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return pair(unit('minute', Math.floor(seconds / 60)), seconds % 60, 'second');
  const minutes = Math.round(seconds / 60);
  return pair(unit('hour', Math.floor(minutes / 60)), minutes % 60, 'minute');
}

function pair(big: string, rest: number, small: string): string {
  return rest ? `${big} ${unit(small, rest)}` : big;
}

const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23' });
const dateTime = new Intl.DateTimeFormat(locale, {
  dateStyle: 'medium',
  timeStyle: 'medium',
  hourCycle: 'h23',
});

function written(format: Intl.DateTimeFormat, iso: string): string {
  const moment = new Date(iso);
  return Number.isNaN(moment.getTime()) ? '' : format.format(moment);
}

/** formatTime writes the time of day of a moment in ISO 8601, in this machine's zone: 14:03:07. Empty when it is none. */
export function formatTime(iso: string): string {
  return written(time, iso);
}

/** formatDateTime writes day and time. */
export function formatDateTime(iso: string): string {
  return written(dateTime, iso);
}

/** formatMoney writes an amount with its currency; small amounts keep the digits that tell them apart from nothing. */
export function formatMoney(amount: number, currency = 'USD'): string {
  const maximumFractionDigits = amount !== 0 && Math.abs(amount) < 0.1 ? 4 : 2;
  return numbers({ style: 'currency', currency, maximumFractionDigits }).format(amount);
}

import type { go } from '../../api';
import { t } from '../../i18n';

/** nameOf is what a tab is called: as a person named it, or by its method and path. */
export function nameOf(tab: go.Tab): string {
  if (tab.name) return tab.name;
  const path = tab.url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').split(/[?#]/)[0] || '/';
  return `${tab.method} ${path}`.trim();
}

const kinds: Record<string, string> = {
  method: 'repeater.changed.method',
  url: 'repeater.changed.url',
  body: 'repeater.changed.body',
  header: 'repeater.changed.header',
  text: 'repeater.changed.text',
  value: 'repeater.changed.value',
};

/** changeOf says in words what was changed in a request. */
export function changeOf(change: string): string {
  const [kind = '', ...rest] = change.split(':');
  const key = kinds[kind];
  return key ? t(key, { name: rest.join(':') }) : change;
}

// What the actions do. All of them say what came of it, and none of them throws.
import { api, type go, raw } from '../../api';
import { copyText } from '../../frame/clipboard';
import { useNav } from '../../frame/nav';
import { notifyDone, notifyError } from '../../frame/notify';
import { t } from '../../i18n';
import { type CopyFormat, formatName, useLastFormat } from './formats';

/** tried does something and says what kept it from being done. */
export async function tried(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (reason) {
    notifyError(reason);
  }
}

/** copyAs puts exchanges on the clipboard; credentials stay placeholders unless they are asked for. */
export function copyAs(ids: string[], format: CopyFormat, reveal = false): Promise<void> {
  return tried(async () => {
    const parts: string[] = [];
    let credentials = false;
    for (const id of ids) {
      const out = await api.actions.Copy({ id, format, reveal });
      parts.push(out.text);
      credentials ||= out.credentials;
    }
    await copyText(parts.join('\n\n'));
    useLastFormat.getState().use(format);
    const values = { n: ids.length, format: formatName(format) };
    notifyDone(credentials ? t('actions.copied.credentials', values) : t('actions.copied.plain', values));
  });
}

/** saved brings a file to the person: a job writes it, or the browser downloads it. */
export async function saved(out: go.SaveOut): Promise<void> {
  if (!out.download) return; // the status bar shows the job
  const file = URL.createObjectURL(await (await raw(out.download)).blob());
  const link = document.createElement('a');
  link.href = file;
  link.download = out.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(file), 60_000);
}

export function saveBody(id: string, side: 'client' | 'server'): Promise<void> {
  return tried(async () => saved(await api.actions.SaveBody({ id, side })));
}

/** exportTo writes exchanges to a file: those named, or all that a filter selects. */
export function exportTo(format: string, what: { ids?: string[]; query?: string }): Promise<void> {
  const { ids = [], query = '' } = what;
  return tried(async () => saved(await api.actions.Export({ ids, query, format, reveal: false })));
}

/** quoted writes a value for the filter language. */
function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** hideHost adds to the filter of the list that this host is not shown. */
export function hideHost(host: string): Promise<void> {
  return tried(async () => {
    const { useTraffic } = await import('../traffic/store');
    const { query, filterOn } = useTraffic.getState();
    const now = filterOn ? query.trim() : '';
    const hidden = `not host=${quoted(host)}`;
    useNav.getState().go('traffic', { query: now ? `(${now}) and ${hidden}` : hidden });
  });
}

/** onlyConversation shows the turns of one conversation and nothing else. */
export function onlyConversation(conversation: string): void {
  useNav.getState().go('traffic', { query: `conversation=${conversation}` });
}

function hostChange(act: () => Promise<unknown>, said: string): Promise<void> {
  return tried(async () => {
    await act();
    notifyDone(said);
  });
}

/** passThrough leaves a host unread from now on. */
export function passThrough(host: string): Promise<void> {
  return hostChange(() => api.actions.PassThrough({ host }), t('actions.passed', { host }));
}

/** decrypt reads a host again. */
export function decrypt(host: string): Promise<void> {
  return hostChange(() => api.actions.Decrypt({ host }), t('actions.decrypted', { host }));
}

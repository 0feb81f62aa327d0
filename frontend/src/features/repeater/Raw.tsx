import { lazy, Suspense } from 'react';
import { api, type go } from '../../api';
import { Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatBytes } from '../../i18n/format';
import { useEdit } from './edits';
import { useKept } from './queries';
import classes from './repeater.module.css';

const RawEditor = lazy(() => import('./RawEditor'));

/** Raw edits a request as text: its head, and its body where that is text. */
export function Raw({ form }: { form: go.Form }) {
  const tab = form.tab.id;
  const kept = useKept(tab);
  const head = useEdit(form.head, async (text) =>
    kept(await api.repeater.SetRaw({ tab, head: text, body: body.value })),
  );
  const body = useEdit(form.body, async (text) =>
    kept(await api.repeater.SetRaw({ tab, head: head.value, body: text })),
  );
  const { problem, body_why: why } = form;
  const wrong = (side: string) => (problem.side === side ? problem.line : 0);
  return (
    <div className={classes.raw}>
      <Suspense fallback={<Loading rows={3} />}>
        <div className={classes.rawHead}>
          <RawEditor
            label={t('repeater.request.head')}
            text={head.value}
            json={false}
            wrong={wrong('head')}
            onChange={head.change}
            onLeave={head.leave}
          />
        </div>
        {why ? (
          <p className={classes.hint}>
            {t(why === 'large' ? 'repeater.request.large' : 'repeater.request.binary', {
              bytes: formatBytes(form.body_bytes),
            })}
          </p>
        ) : (
          <div className={classes.rawBody}>
            <RawEditor
              label={t('repeater.request.body')}
              text={body.value}
              json={form.json || form.body === ''}
              wrong={wrong('body')}
              onChange={body.change}
              onLeave={body.leave}
            />
          </div>
        )}
      </Suspense>
    </div>
  );
}

import { SegmentedControl } from '@mantine/core';
import type { go } from '../../api';
import { useCommand } from '../../commands';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import { Cards } from './Cards';
import { keepEdits } from './edits';
import { changeOf } from './names';
import { Raw } from './Raw';
import classes from './repeater.module.css';
import { SendBar } from './SendBar';
import { useRepeater } from './store';

/** Request edits the request of a tab, as cards or as text, and sends it. */
export function Request({ form, sending }: { form: go.Form; sending: number }) {
  const raw = useRepeater((state) => state.raw);
  const show = async (next: boolean) => {
    await keepEdits();
    useRepeater.setState({ raw: next });
  };
  useCommand('repeater.raw', () => void show(!raw));
  const { problem } = form;
  return (
    <section className={classes.request} aria-label={t('repeater.request.label')} data-pane="request">
      <SendBar form={form} sending={sending} />
      <div className={classes.line}>
        <code className={classes.target}>
          <Visible text={`${form.tab.method} ${form.tab.url}`} />
        </code>
        <SegmentedControl
          size="xs"
          aria-label={t('repeater.request.view')}
          value={raw ? 'raw' : 'form'}
          onChange={(value) => void show(value === 'raw')}
          data={[
            { value: 'form', label: t('repeater.request.form') },
            { value: 'raw', label: t('repeater.request.raw') },
          ]}
        />
      </div>
      {problem.message && (
        <p className={classes.problem} role="alert">
          {t('repeater.request.problem', {
            side: problem.side,
            line: problem.line,
            message: problem.message,
          })}
        </p>
      )}
      <div className={classes.editing}>{raw ? <Raw form={form} /> : <Cards form={form} />}</div>
      <footer className={classes.foot}>
        <span>
          {form.changed.length > 0
            ? t('repeater.request.changed', { list: form.changed.map(changeOf).join(', ') })
            : t('repeater.request.unchanged')}
        </span>
        {form.sealed.length > 0 && <span>{t('repeater.request.sealed', { n: form.sealed.length })}</span>}
      </footer>
    </section>
  );
}

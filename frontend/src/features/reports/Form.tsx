import { Alert, Checkbox, MultiSelect, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { IconFilterOff, IconX } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { ApiError, type go } from '../../api';
import { t } from '../../i18n';
import { formatDateTime } from '../../i18n/format';
import base from '../inventory/inventory.module.css';
import { Scrolls } from '../inventory/parts';
import { severities, severityWord, stateWord } from '../tests/words';
import classes from './Form.module.css';
import { Logo } from './Logo';
import { change } from './store';
import { audienceWord, sectionWord } from './words';

interface FormProps {
  choices: go.ReportChoices;
  form: go.ReportForm;
  /** why what is chosen could not be kept */
  unkept: unknown;
}

/** Form is what a person chooses of a report: for whom, of what, what stands on it, and what is left out. */
export function Form({ choices, form, unkept }: FormProps) {
  return (
    <Scrolls label={t('reports.form')} pane="reports-form" className={classes.form}>
      {!choices.writable && <p className={base.nothing}>{t('reports.readOnly')}</p>}
      {unkept !== null && <Unkept error={unkept} />}
      <Audience form={form} runs={choices.runs.length} />
      <What choices={choices} form={form} />
      <Cover choices={choices} form={form} />
      <Sections choices={choices} form={form} />
    </Scrolls>
  );
}

function Unkept({ error }: { error: unknown }) {
  const { message, hint } = ApiError.from(error);
  return (
    <Alert color="yellow" role="alert" title={t('reports.unkept')} className={classes.unkept ?? ''}>
      {message} {hint}
    </Alert>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes.part} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

const audiences = ['executive', 'technical', 'retest'] as const;

const audienceTexts: Record<(typeof audiences)[number], () => string> = {
  executive: () => t('reports.audience.executive'),
  technical: () => t('reports.audience.technical'),
  retest: () => t('reports.audience.retest'),
};

function Audience({ form, runs }: { form: go.ReportForm; runs: number }) {
  const name = useId();
  return (
    <Part title={t('reports.part.audience')}>
      <div className={classes.audiences} role="radiogroup" aria-label={t('reports.part.audience')}>
        {audiences.map((each) => (
          <label key={each} className={classes.audience} data-on={form.audience === each || undefined}>
            <input
              type="radio"
              name={name}
              value={each}
              checked={form.audience === each}
              onChange={() => change({ audience: each })}
            />
            <span>
              <strong>{audienceWord(each)}</strong>
              <span className={classes.help}>{audienceTexts[each]()}</span>
            </span>
          </label>
        ))}
      </div>
      {form.audience === 'retest' && runs < 2 && (
        <p className={classes.warn} role="status">
          {t('reports.audience.noRuns')}
        </p>
      )}
    </Part>
  );
}

function What({ choices, form }: { choices: go.ReportChoices; form: go.ReportForm }) {
  const runs = choices.runs.map((run) => ({ value: run.id, label: runName(run) }));
  const targets = choices.targets.map(({ ref, name, n }) => ({
    value: ref,
    label: t('reports.what.target', { name: name || ref, n }),
  }));
  // What was chosen may be gone since.
  for (const ref of form.targets) {
    if (!targets.some(({ value }) => value === ref)) targets.push({ value: ref, label: ref });
  }
  const retest = form.audience === 'retest';
  return (
    <Part title={t('reports.part.what')}>
      <Select
        label={t('reports.what.run')}
        placeholder={retest ? t('reports.what.latest') : t('reports.what.project')}
        data={runs}
        value={form.run || null}
        searchable
        clearable
        nothingFoundMessage={t('reports.what.noRun')}
        onChange={(run) => change({ run: run ?? '' })}
      />
      {retest && (
        <Select
          label={t('reports.what.against')}
          placeholder={t('reports.what.usual')}
          data={runs.filter(({ value }) => value !== form.run)}
          value={form.against || null}
          searchable
          clearable
          nothingFoundMessage={t('reports.what.noRun')}
          onChange={(against) => change({ against: against ?? '' })}
        />
      )}
      <MultiSelect
        size="xs"
        label={t('reports.what.targets')}
        placeholder={form.targets.length === 0 ? t('reports.what.all') : ''}
        data={targets}
        value={form.targets}
        searchable
        clearable
        hidePickedOptions
        nothingFoundMessage={t('reports.what.noTarget')}
        onChange={(chosen) => change({ targets: chosen })}
      />
      <div className={classes.beside}>
        <Select
          label={t('reports.what.least')}
          data={[
            { value: '', label: t('reports.what.any') },
            ...severities.slice(0, -1).map((value) => ({
              value,
              label:
                value === 'critical'
                  ? severityWord(value)
                  : t('reports.what.worse', { severity: severityWord(value) }),
            })),
          ]}
          value={form.least}
          allowDeselect={false}
          onChange={(least) => change({ least: least ?? '' })}
        />
        {form.audience !== 'executive' && (
          <NumberInput
            label={t('reports.what.evidence')}
            placeholder={t('reports.what.evidenceUsual')}
            min={1}
            max={20}
            allowDecimal={false}
            allowNegative={false}
            clampBehavior="strict"
            value={form.evidence || ''}
            onChange={(value) => change({ evidence: Number(value) || 0 })}
          />
        )}
      </div>
      {form.findings.length > 0 && (
        <button type="button" className={base.chip} onClick={() => change({ findings: [] })}>
          <IconFilterOff size={14} aria-hidden /> {t('reports.what.chosen', { n: form.findings.length })}
          <IconX size={13} aria-hidden />
        </button>
      )}
    </Part>
  );
}

function runName({ id, name, state, started, starred }: go.ReportRun): string {
  const words = [t('reports.what.runName', { id, name: name || t('reports.what.unnamed') })];
  if (started) words.push(formatDateTime(started));
  if (state !== 'done') words.push(stateWord(state));
  if (starred) words.push('★');
  return words.join(' · ');
}

function Cover({ choices, form }: { choices: go.ReportChoices; form: go.ReportForm }) {
  return (
    <Part title={t('reports.part.cover')}>
      <TextInput
        label={t('reports.cover.title')}
        placeholder={t('reports.cover.titleUsual')}
        maxLength={200}
        value={form.title}
        onChange={(event) => change({ title: event.currentTarget.value })}
      />
      <div className={classes.beside}>
        <TextInput
          label={t('reports.cover.client')}
          maxLength={200}
          value={form.client}
          onChange={(event) => change({ client: event.currentTarget.value })}
        />
        <TextInput
          label={t('reports.cover.tester')}
          maxLength={200}
          value={form.tester}
          onChange={(event) => change({ tester: event.currentTarget.value })}
        />
      </div>
      <Logo logo={choices.logo} disabled={!choices.writable} />
      <Textarea
        label={t('reports.cover.scope')}
        description={t('reports.cover.scopeText')}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={4000}
        value={form.scope}
        onChange={(event) => change({ scope: event.currentTarget.value })}
      />
      <Textarea
        label={t('reports.cover.authorisation')}
        description={t('reports.cover.authorisationText')}
        autosize
        minRows={1}
        maxRows={6}
        maxLength={4000}
        value={form.authorisation}
        onChange={(event) => change({ authorisation: event.currentTarget.value })}
      />
      <Textarea
        label={t('reports.cover.note')}
        description={t('reports.cover.noteText')}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={4000}
        value={form.note}
        onChange={(event) => change({ note: event.currentTarget.value })}
      />
    </Part>
  );
}

function Sections({ choices, form }: { choices: go.ReportChoices; form: go.ReportForm }) {
  const toggle = (id: string, on: boolean) =>
    change({ without: on ? form.without.filter((each) => each !== id) : [...form.without, id] });
  const some = choices.sections.filter(({ only }) => only === '' || only === form.audience);
  return (
    <Part title={t('reports.part.sections')}>
      <p className={base.nothing}>{t('reports.sections')}</p>
      <div className={classes.sections}>
        {some.map(({ id }) => (
          <Checkbox
            key={id}
            size="xs"
            label={sectionWord(id)}
            checked={!form.without.includes(id)}
            onChange={(event) => toggle(id, event.currentTarget.checked)}
          />
        ))}
      </div>
    </Part>
  );
}

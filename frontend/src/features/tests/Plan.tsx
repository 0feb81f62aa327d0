import {
  Button,
  MultiSelect,
  NumberInput,
  PasswordInput,
  SegmentedControl,
  Select,
  Textarea,
  TextInput,
} from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import type { go } from '../../api';
import { Loading } from '../../frame/ui';
import { t } from '../../i18n';
import frame from '../inventory/inventory.module.css';
import { Failed, Scrolls } from '../inventory/parts';
import { Forecast } from './Forecast';
import classes from './Plan.module.css';
import { useLibrary, useTargets } from './queries';
import { noPlan, setPlan, useTests } from './store';
import { Targets } from './Targets';
import { severities, severityWord } from './words';

/** Plan is what a person chooses to send, and beside it what that comes to. */
export function Plan() {
  const library = useLibrary();
  const targets = useTargets();
  const failed = library.error ?? targets.error;
  if (failed) {
    const again = () => {
      void library.refetch();
      void targets.refetch();
    };
    return <Failed error={failed} onRetry={again} />;
  }
  if (!library.data || !targets.data) return <Loading rows={12} />;
  return (
    <div className={classes.plan}>
      <Scrolls label={t('tests.plan.choose')} pane="tests-plan" className={classes.choices}>
        <Step n={1} title={t('tests.plan.targets')}>
          <Targets targets={targets.data} />
        </Step>
        <Step n={2} title={t('tests.plan.attacks')}>
          <Attacks library={library.data} />
        </Step>
        <Step n={3} title={t('tests.plan.budget')}>
          <BudgetFields />
        </Step>
        <Step n={4} title={t('tests.plan.more')}>
          <More targets={targets.data} />
        </Step>
        <Button variant="subtle" size="compact-sm" onClick={() => useTests.setState({ plan: noPlan })}>
          {t('tests.plan.reset')}
        </Button>
      </Scrolls>
      <Forecast targets={targets.data} />
    </div>
  );
}

function Step({ n, title, children }: { n: number; title: string; children: ReactNode }) {
  return (
    <section className={classes.step} aria-label={title}>
      <h2>
        <span className={classes.stepN} aria-hidden>
          {n}
        </span>
        {title}
      </h2>
      {children}
    </section>
  );
}

function Attacks({ library }: { library: go.LibraryOut }) {
  const plan = useTests((state) => state.plan);
  const templates = useMemo(
    () => library.templates.map(({ id, name }) => ({ value: id, label: `${name} (${id})` })),
    [library.templates],
  );
  const mutations = useMemo(() => {
    const families = new Map<string, { value: string; label: string }[]>();
    for (const { name, family } of library.mutations) {
      families.set(family, [...(families.get(family) ?? []), { value: name, label: name }]);
    }
    return [...families].map(([group, items]) => ({ group, items }));
  }, [library.mutations]);
  const suite = (id: string) => {
    const on = plan.suites.includes(id);
    setPlan({ suites: on ? plan.suites.filter((each) => each !== id) : [...plan.suites, id] });
  };
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that belong together are no fieldset */}
      <div className={classes.suites} role="group" aria-label={t('tests.plan.suites')}>
        {library.suites.map(({ id, name, description, minutes, templates: n }) => (
          <button
            key={id}
            type="button"
            className={classes.suite}
            aria-pressed={plan.suites.includes(id)}
            title={description}
            onClick={() => suite(id)}
          >
            <strong>{name}</strong>
            <span className={frame.dim}>{t('tests.plan.suite', { n, minutes })}</span>
          </button>
        ))}
      </div>
      <p className={frame.nothing}>{t('tests.plan.narrow')}</p>
      <div className={classes.fields}>
        <MultiSelect
          label={t('tests.plan.owasp')}
          data={library.owasp.map(({ id, title }) => ({ value: id, label: `${id.slice(0, 5)} ${title}` }))}
          value={plan.owasp}
          onChange={(owasp) => setPlan({ owasp })}
          searchable
          clearable
        />
        <MultiSelect
          label={t('tests.plan.templates')}
          data={templates}
          value={plan.templates.filter((id) => library.templates.some((each) => each.id === id))}
          onChange={(chosen) => setPlan({ templates: chosen })}
          searchable
          clearable
          limit={200}
          maxDropdownHeight={320}
        />
        <MultiSelect
          label={t('tests.plan.mutations')}
          description={t('tests.plan.mutationsHelp')}
          data={mutations}
          value={plan.mutations}
          onChange={(chosen) => setPlan({ mutations: chosen })}
          searchable
          clearable
          maxDropdownHeight={320}
        />
      </div>
      <div className={classes.fields}>
        <div>
          <span className={classes.label} id="tests-severity">
            {t('tests.plan.severity')}
          </span>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-labelledby="tests-severity"
            value={plan.severity}
            onChange={(severity) => setPlan({ severity })}
            data={[
              { value: '', label: t('tests.plan.anySeverity') },
              ...[...severities]
                .reverse()
                .slice(1)
                .map((value) => ({ value, label: severityWord(value) })),
            ]}
          />
        </div>
      </div>
    </>
  );
}

interface NumberFieldProps {
  label: string;
  help?: string;
  value: number;
  decimals?: number;
  most: number;
  usual?: string;
  onChange(value: number): void;
}

/** NumberField is a number of which 0 means that it was not said. */
export function NumberField({ label, help, value, decimals = 0, most, usual, onChange }: NumberFieldProps) {
  return (
    <NumberInput
      label={label}
      description={help}
      placeholder={usual ?? t('tests.plan.noLimit')}
      value={value === 0 ? '' : value}
      onChange={(next) => onChange(typeof next === 'number' ? next : Number(next) || 0)}
      min={0}
      max={most}
      decimalScale={decimals}
      allowNegative={false}
      thousandSeparator=","
      hideControls
    />
  );
}

/** BudgetInputs are the four bounds of a run. */
export function BudgetInputs({ budget, onChange }: { budget: go.Budget; onChange(budget: go.Budget): void }) {
  return (
    <div className={classes.fields}>
      <NumberField
        label={t('tests.budget.requests')}
        value={budget.requests}
        most={10_000_000}
        onChange={(requests) => onChange({ ...budget, requests })}
      />
      <NumberField
        label={t('tests.budget.tokens')}
        value={budget.tokens}
        most={1e12}
        onChange={(tokens) => onChange({ ...budget, tokens })}
      />
      <NumberField
        label={t('tests.budget.usd')}
        value={budget.usd}
        decimals={2}
        most={1e6}
        onChange={(usd) => onChange({ ...budget, usd })}
      />
      <NumberField
        label={t('tests.budget.minutes')}
        value={budget.minutes}
        decimals={1}
        most={100_000}
        onChange={(minutes) => onChange({ ...budget, minutes })}
      />
    </div>
  );
}

function BudgetFields() {
  const plan = useTests((state) => state.plan);
  const usual = t('tests.plan.usual');
  return (
    <>
      <p className={frame.nothing}>{t('tests.budget.help')}</p>
      <BudgetInputs budget={plan.budget} onChange={(budget) => setPlan({ budget })} />
      <div className={classes.fields}>
        <NumberField
          label={t('tests.plan.trials')}
          help={t('tests.plan.trialsHelp')}
          value={plan.trials}
          most={1000}
          usual={usual}
          onChange={(trials) => setPlan({ trials })}
        />
        <NumberField
          label={t('tests.plan.concurrency')}
          help={t('tests.plan.concurrencyHelp')}
          value={plan.concurrency}
          most={1000}
          usual={usual}
          onChange={(concurrency) => setPlan({ concurrency })}
        />
        <NumberField
          label={t('tests.plan.rate')}
          help={t('tests.plan.rateHelp')}
          value={plan.rate}
          decimals={2}
          most={10_000}
          onChange={(rate) => setPlan({ rate })}
        />
        <NumberField
          label={t('tests.plan.patience')}
          help={t('tests.plan.patienceHelp')}
          value={plan.patience}
          most={3600}
          usual={usual}
          onChange={(patience) => setPlan({ patience })}
        />
      </div>
    </>
  );
}

function More({ targets }: { targets: go.TargetsOut }) {
  const plan = useTests((state) => state.plan);
  const models = targets.models.map(({ ref, name }) => ({ value: ref, label: name }));
  const needsKey = targets.models.some((each) => each.needs_key && plan.targets.includes(each.ref));
  const pick = (field: 'judge' | 'attacker' | 'role' | 'other') => (value: string | null) =>
    setPlan({ [field]: value ?? '' });
  return (
    <>
      {needsKey && (
        <PasswordInput
          label={t('tests.plan.key')}
          description={t('tests.plan.keyHelp')}
          value={plan.key}
          onChange={(event) => setPlan({ key: event.currentTarget.value })}
          mb="sm"
        />
      )}
      <div className={classes.fields}>
        <TextInput
          label={t('tests.plan.name')}
          placeholder={t('tests.plan.nameUsual')}
          value={plan.name}
          onChange={(event) => setPlan({ name: event.currentTarget.value })}
        />
        <Select
          label={t('tests.plan.judge')}
          description={t('tests.plan.judgeHelp')}
          placeholder={t('tests.plan.noModel')}
          data={models}
          value={plan.judge || null}
          onChange={pick('judge')}
          clearable
        />
        <Select
          label={t('tests.plan.attacker')}
          description={t('tests.plan.attackerHelp')}
          placeholder={t('tests.plan.noModel')}
          data={models}
          value={plan.attacker || null}
          onChange={(value) => {
            setPlan({ attacker: value ?? '', ...(value ? {} : { strategies: [] }) });
          }}
          clearable
        />
        {plan.attacker !== '' && (
          <MultiSelect
            label={t('tests.plan.strategies')}
            data={targets.strategies.map(({ name, what }) => ({ value: name, label: `${name}: ${what}` }))}
            value={plan.strategies}
            onChange={(strategies) => setPlan({ strategies })}
          />
        )}
        {targets.roles.length > 0 && (
          <>
            <Select
              label={t('tests.plan.role')}
              placeholder={t('tests.plan.noRole')}
              data={targets.roles}
              value={plan.role || null}
              onChange={pick('role')}
              clearable
            />
            <Select
              label={t('tests.plan.other')}
              description={t('tests.plan.otherHelp')}
              placeholder={t('tests.plan.noRole')}
              data={targets.roles}
              value={plan.other || null}
              onChange={pick('other')}
              clearable
            />
          </>
        )}
      </div>
      <Textarea
        label={t('tests.plan.system')}
        description={t('tests.plan.systemHelp')}
        autosize
        minRows={2}
        maxRows={8}
        value={plan.system}
        onChange={(event) => setPlan({ system: event.currentTarget.value })}
      />
    </>
  );
}

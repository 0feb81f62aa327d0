import { Button, NumberInput, Select, Switch } from '@mantine/core';
import { useState } from 'react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import findings from '../findings/findings.module.css';
import { Severity, severities, severityWord } from '../findings/parts';
import { Detail as Frame } from '../inventory/Detail';
import base from '../inventory/inventory.module.css';
import { Fact, Nothing, Section } from '../inventory/parts';
import { setRule } from './acts';
import { useRenewThreats } from './queries';
import classes from './Rules.module.css';
import { toSet } from './ruleColumns';
import { everything, setFilter, useThreats } from './store';

interface RuleDetailProps {
  id: string;
  rule: go.ThreatRule | undefined;
  onClose(): void;
}

/** RuleDetail is all about one rule, and how this project sets it. */
export function RuleDetail({ id, rule, onClose }: RuleDetailProps) {
  return (
    <Frame
      label={t('threats.rules.one')}
      pane="rule-detail"
      about={id}
      title={
        rule ? (
          <span className={findings.title}>
            <Severity severity={rule.severity} /> <Visible text={rule.name} />
          </span>
        ) : (
          <Visible text={id} />
        )
      }
      onClose={onClose}
    >
      {rule ? <All rule={rule} /> : <Nothing>{t('threats.ruleGone')}</Nothing>}
    </Frame>
  );
}

function All({ rule }: { rule: go.ThreatRule }) {
  const line = (name: string, text: string) =>
    text && (
      <Fact name={name}>
        <Visible text={text} />
      </Fact>
    );
  return (
    <>
      <Settings key={`${rule.on} ${rule.threshold} ${rule.severity}`} rule={rule} />
      <Section title={t('threats.part.meaning')}>
        <p className={findings.prose} data-flows>
          <Visible text={rule.meaning} />
        </p>
        <dl className={base.facts}>
          {rule.frameworks.map(({ id, title }) => (
            <Fact key={id} name={id}>
              {title}
            </Fact>
          ))}
        </dl>
      </Section>
      <Section title={t('threats.rules.how')}>
        <dl className={base.facts}>
          {line(t('threats.rules.when'), rule.when)}
          {line(t('threats.rules.where'), rule.where)}
          {line(t('threats.rules.window'), rule.window)}
          {line(t('threats.rules.cooldown'), rule.cooldown)}
          <Fact name={t('threats.column.samples')}>{t('threats.rules.samples', { n: rule.samples })}</Fact>
          <Fact name={t('threats.column.source')}>
            {rule.own ? t('threats.rules.own') : t('threats.rules.shipped')} <Visible text={rule.file} />
          </Fact>
        </dl>
      </Section>
      <Section title={t('threats.rules.spoke')}>
        {rule.threats === 0 ? (
          <Nothing>{t('threats.rules.never')}</Nothing>
        ) : (
          <button
            type="button"
            className={base.link}
            onClick={() => {
              setFilter({ ...everything, rules: [rule.id] });
              useThreats.setState({ look: 'threats' });
            }}
          >
            {t('threats.rules.spokeText', { n: rule.threats, moments: formatNumber(rule.moments) })}
          </button>
        )}
      </Section>
      <Section title={t('threats.part.advice')}>
        <p className={findings.prose} data-flows>
          <Visible text={rule.advice} />
        </p>
      </Section>
    </>
  );
}

// How this project sets it; what was watched stays as it is.
function Settings({ rule }: { rule: go.ThreatRule }) {
  const renew = useRenewThreats();
  const [threshold, setThreshold] = useState<number | string>(rule.threshold);
  const change = (to: Partial<go.SetThreatRuleIn>) =>
    void setRule(rule.name, { ...toSet(rule), ...to }, renew);
  const n = Number(threshold);
  const good = n > 0 && Number.isFinite(n);
  return (
    <div className={classes.set}>
      <Switch
        label={rule.on ? t('threats.rules.on') : t('threats.rules.off')}
        aria-label={t('threats.rules.switch')}
        checked={rule.on}
        onChange={(event) => change({ on: event.currentTarget.checked })}
      />
      <Select
        size="xs"
        label={t('threats.column.severity')}
        allowDeselect={false}
        value={rule.severity}
        data={severities.map((value) => ({
          value,
          label:
            value === rule.shipped_severity
              ? t('threats.rules.asShipped', { what: severityWord(value) })
              : severityWord(value),
        }))}
        onChange={(severity) =>
          change({ severity: severity === rule.shipped_severity ? '' : (severity ?? '') })
        }
      />
      {rule.shipped_threshold > 0 && (
        <form
          className={classes.set}
          onSubmit={(event) => {
            event.preventDefault();
            if (good) change({ threshold: n === rule.shipped_threshold ? 0 : n });
          }}
        >
          <NumberInput
            size="xs"
            label={t('threats.rules.limit', { of: rule.threshold_of })}
            description={t('threats.rules.usually', { n: rule.shipped_threshold })}
            min={0}
            value={threshold}
            onChange={setThreshold}
          />
          <Button size="xs" variant="default" type="submit" disabled={!good || n === rule.threshold}>
            {t('threats.rules.apply')}
          </Button>
        </form>
      )}
    </div>
  );
}

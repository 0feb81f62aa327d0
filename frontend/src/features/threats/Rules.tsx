import { Button, Group, SegmentedControl } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { go } from '../../api';
import { Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import findings from '../findings/findings.module.css';
import { severityRank } from '../findings/parts';
import { Grid } from '../inventory/Grid';
import base from '../inventory/inventory.module.css';
import { Panes } from '../inventory/Panes';
import { Failed } from '../inventory/parts';
import { useListFocus } from '../inventory/useList';
import { useSortedList } from '../inventory/useSortedList';
import { Words } from '../inventory/Words';
import { rewatch, setRule } from './acts';
import { Exceptions } from './Exceptions';
import { useRenewThreats, useRules } from './queries';
import { RuleDetail } from './RuleDetail';
import { ruleColumns, ruleSpoken, toSet } from './ruleColumns';
import { useThreats } from './store';
import classes from './Watch.module.css';

type Shown = 'rules' | 'exceptions';

/** Rules is what the watch looks for: on or off, how strict, how often each spoke; and what was called harmless. */
export function Rules() {
  const [shown, setShown] = useState<Shown>('rules');
  const { data, error, refetch } = useRules();
  const text = useThreats((state) => state.ruleText);
  const { list, focusList } = useListFocus();
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={10} />;
  return (
    <>
      <div className={findings.filters}>
        <div className={findings.bar}>
          <SegmentedControl
            size="xs"
            aria-label={t('threats.rules.what')}
            value={shown}
            data={[
              { value: 'rules', label: t('threats.rules.tab', { n: data.rules.length }) },
              { value: 'exceptions', label: t('threats.exceptions.tab', { n: data.exceptions.length }) },
            ]}
            onChange={(next) => setShown(next as Shown)}
          />
          {shown === 'rules' && (
            <Words
              command="threats.filter"
              label={t('threats.rules.text')}
              text={text}
              onText={(ruleText) => useThreats.setState({ ruleText })}
              focusList={focusList}
            />
          )}
          <Group gap="xs" ml="auto">
            <span className={findings.faint}>{t('threats.rewatch.why')}</span>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconRefresh size={15} />}
              onClick={() => void rewatch()}
            >
              {t('threats.rewatch.button')}
            </Button>
          </Group>
        </div>
      </div>
      <Problems problems={data.problems} />
      {shown === 'rules' ? (
        <div ref={list} className={classes.fill}>
          <RuleList rules={data.rules} text={text} focusList={focusList} />
        </div>
      ) : (
        <Exceptions exceptions={data.exceptions} />
      )}
    </>
  );
}

function Problems({ problems }: { problems: readonly string[] }) {
  if (problems.length === 0) return null;
  return (
    <ul className={`${base.note} ${base.bare}`} data-warn>
      {problems.slice(0, 20).map((problem) => (
        <li key={problem}>
          <IconAlertTriangle size={14} aria-hidden /> <Visible text={problem} />
        </li>
      ))}
      {problems.length > 20 && <li>{t('threats.rules.more', { n: problems.length - 20 })}</li>}
    </ul>
  );
}

const orders: Record<string, (a: go.ThreatRule, b: go.ThreatRule) => number> = {
  name: (a, b) => a.name.localeCompare(b.name),
  severity: (a, b) => severityRank(b.severity) - severityRank(a.severity),
  on: (a, b) => Number(a.on) - Number(b.on),
  threats: (a, b) => a.threats - b.threats,
  last: (a, b) => a.last_seen.localeCompare(b.last_seen),
};

const ruleFalling = ['severity', 'on', 'threats', 'last'];

interface RuleListProps {
  rules: go.ThreatRule[];
  text: string;
  focusList(): void;
}

function RuleList({ rules, text, focusList }: RuleListProps) {
  const open = useThreats((state) => state.rule);
  const renew = useRenewThreats();
  const items = useMemo(() => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const said = ({ id, name, meaning, tags, owasp, file }: go.ThreatRule) =>
      [id, name, meaning, file, ...tags, ...owasp].join(' ').toLowerCase();
    return rules.filter((rule) => words.every((word) => said(rule).includes(word)));
  }, [rules, text]);
  const { rows } = useSortedList({
    feature: 'threats',
    items,
    orders,
    falling: ruleFalling,
    open,
    onOpen: (rule) => useThreats.setState({ rule }),
    focusList,
  });
  const one = rules.find(({ id }) => id === open);
  return (
    <Panes
      first={
        <div className={base.fill}>
          <Grid
            name="rules"
            label={t('threats.rules.list')}
            columns={ruleColumns}
            spoken={ruleSpoken}
            {...(open && { opened: open })}
            {...rows}
            onAct={(_, rule) => void setRule(rule.name, { ...toSet(rule), on: !rule.on }, renew)}
          />
        </div>
      }
      second={
        open ? (
          <RuleDetail
            key={open}
            id={open}
            rule={one}
            onClose={() => {
              useThreats.setState({ rule: '' });
              focusList();
            }}
          />
        ) : null
      }
    />
  );
}

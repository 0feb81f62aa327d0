import { Switch } from '@mantine/core';
import { useState } from 'react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import classes from './diff.module.css';
import { changeWords, signs } from './words';

const names: Record<string, string> = {
  refusal: 'diff.fact.refusal',
  status: 'diff.fact.status',
  fault: 'diff.fact.fault',
  error: 'diff.fact.error',
  tool_call: 'diff.fact.tool_call',
  tool: 'diff.fact.tool',
  finish: 'diff.fact.finish',
  model: 'diff.fact.model',
  choices: 'diff.fact.choices',
  messages: 'diff.fact.messages',
  system: 'diff.fact.system',
  last_user: 'diff.fact.last_user',
  stream: 'diff.fact.stream',
  input_tokens: 'diff.fact.input_tokens',
  output_tokens: 'diff.fact.output_tokens',
  reasoning_tokens: 'diff.fact.reasoning_tokens',
};

const refusals: Record<string, string> = {
  no: 'diff.refusal.no',
  yes: 'diff.refusal.yes',
  looks: 'diff.refusal.looks',
};

function nameOf(fact: go.DiffFact): string {
  const key = names[fact.name];
  return key ? t(key) : fact.name;
}

function Value({ fact, value }: { fact: go.DiffFact; value: string }) {
  if (value === '') return <span className={classes.absent}>{t('diff.facts.missing')}</span>;
  const refusal = fact.name === 'refusal' ? refusals[value] : undefined;
  return <Visible text={refusal ? t(refusal) : value} />;
}

/** Meaning lists what two exchanges mean, what differs first. */
export function Meaning({ facts, at }: { facts: go.DiffFact[]; at: number }) {
  const [all, setAll] = useState(false);
  const changed = facts.filter((fact) => fact.change !== 'same');
  const same = facts.filter((fact) => fact.change === 'same');
  return (
    <>
      {changed.length === 0 && <p className={classes.same}>{t('diff.same.meaning')}</p>}
      <table className={classes.facts} aria-label={t('diff.facts.label')}>
        <thead>
          <tr>
            <th scope="col">{t('diff.facts.fact')}</th>
            <th scope="col">{t('diff.first')}</th>
            <th scope="col">{t('diff.second')}</th>
          </tr>
        </thead>
        <tbody>
          {[...changed, ...(all || changed.length === 0 ? same : [])].map((fact, n) => (
            <tr
              // biome-ignore lint/suspicious/noArrayIndexKey: a fact may come several times, as tool calls do
              key={n}
              data-kind={fact.change}
              data-change={n < changed.length ? n : undefined}
              data-at={n < changed.length && n === at ? '' : undefined}
            >
              <th scope="row">
                <span className={classes.sign} aria-hidden>
                  {signs[fact.change]}
                </span>
                {nameOf(fact)}
                <span className={classes.spoken}>{t(changeWords[fact.change] ?? 'diff.change.changed')}</span>
              </th>
              <td data-side="a">
                <Value fact={fact} value={fact.a} />
              </td>
              <td data-side="b">
                <Value fact={fact} value={fact.b} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {same.length > 0 && changed.length > 0 && (
        <Switch
          mt="sm"
          label={t('diff.facts.all')}
          checked={all}
          onChange={(event) => setAll(event.currentTarget.checked)}
        />
      )}
    </>
  );
}

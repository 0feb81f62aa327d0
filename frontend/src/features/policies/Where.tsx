import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api } from '../../api';
import { t } from '../../i18n';
import { FilterInput } from '../traffic/FilterInput';
import type { Help } from '../traffic/useSuggest';
import classes from './Editor.module.css';

interface WhereProps {
  value: string;
  /** what Go said is wrong with it */
  wrong?: string | undefined;
  /** what it is for; that of a policy where it is absent */
  label?: string;
  /** what stands below while it is empty; that of a policy where it is absent */
  text?: string;
  onChange(value: string): void;
}

const nothing = () => undefined;

/** Where is a filter of exchanges, in the language of Traffic, and what it means in words. */
export function Where({ value, wrong, label, text, onChange }: WhereProps) {
  const input = useRef<HTMLInputElement>(null);
  const [help, setHelp] = useState<Help | null>(null);
  // What stands there already is explained before anybody types.
  const known = useQuery({
    queryKey: ['meaning', value],
    queryFn: () => api.traffic.Suggest({ text: value, cursor: 0 }),
    enabled: value !== '',
  });
  const fresh = help?.text === value ? help : known.data;
  const problem = wrong ?? fresh?.problem.message ?? '';
  return (
    <div>
      <span className={classes.label}>{label ?? t('policies.field.where')}</span>
      <FilterInput
        on
        placeholder={t('policies.fieldText.whereAll')}
        text={value}
        applied={value}
        input={input}
        onText={onChange}
        onApply={nothing}
        onHelp={setHelp}
        onLeave={nothing}
      />
      {problem ? (
        <p className={classes.line} data-problem role="alert">
          {problem}
        </p>
      ) : (
        <p className={classes.line} role="status">
          {value && fresh?.explain
            ? t('policies.fieldText.whereMeans', { explain: fresh.explain })
            : (text ?? t('policies.fieldText.where'))}
        </p>
      )}
    </div>
  );
}

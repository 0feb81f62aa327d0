import { MultiSelect, NumberInput, Stack, TagsInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { go } from '../../api';
import { t } from '../../i18n';
import type { Change } from './Editor';
import classes from './Editor.module.css';
import { usePolicyWords } from './queries';
import { Where } from './Where';
import { groupWord, signWord } from './words';

interface WhatProps {
  draft: go.PolicyForm;
  set: Change;
  wrong(field: string): string | undefined;
}

const most = 60; // of a long list are offered at a time

// Names of a long list under what they have in common; what is chosen and no longer known stays.
function grouped(words: readonly go.PolicyWord[], chosen: readonly string[]) {
  const groups = new Map<string, { value: string; label: string }[]>();
  for (const { value, what, group } of words) {
    const items = groups.get(group) ?? [];
    groups.set(group, items);
    items.push({
      value,
      label: what ? `${value} · ${what}` : group === 'all' ? groupWord(`all_${value}`) : value,
    });
  }
  const lost = chosen.filter((value) => !words.some((word) => word.value === value));
  return [
    ...[...groups].map(([group, items]) => ({ group: groupWord(group), items })),
    ...(lost.length > 0
      ? [{ group: groupWord('lost'), items: lost.map((value) => ({ value, label: value })) }]
      : []),
  ];
}

/** What is what a policy matches: everything that is named has to hold. */
export function What({ draft, set, wrong }: WhatProps) {
  const words = usePolicyWords().data;
  const signs = [...new Set([...(words?.signs ?? []), ...draft.signs])];
  return (
    <fieldset className={classes.part}>
      <legend>{t('policies.part.what')}</legend>
      <Stack gap="sm">
        <p className={classes.line}>{t('policies.part.whatText')}</p>
        <Where value={draft.where} wrong={wrong('where')} onChange={(where) => set({ where })} />
        <MultiSelect
          label={t('policies.field.signs')}
          description={t('policies.fieldText.signs')}
          data={signs.map((value) => ({ value, label: signWord(value) }))}
          value={draft.signs}
          error={wrong('signs')}
          searchable
          clearable
          onChange={(signs) => set({ signs })}
        />
        <MultiSelect
          label={t('policies.field.types')}
          description={t('policies.fieldText.types')}
          data={grouped(words?.types ?? [], draft.types)}
          value={draft.types}
          error={wrong('types')}
          searchable
          clearable
          limit={most}
          nothingFoundMessage={t('policies.noSuch')}
          onChange={(types) => set({ types })}
        />
        <MultiSelect
          label={t('policies.field.rules')}
          description={t('policies.fieldText.rules')}
          data={grouped(words?.rules ?? [], draft.rules)}
          value={draft.rules}
          error={wrong('rules')}
          searchable
          clearable
          limit={most}
          nothingFoundMessage={t('policies.noSuch')}
          onChange={(rules) => set({ rules })}
        />
        <div className={classes.beside}>
          <TagsInput
            label={t('policies.field.tools')}
            description={t('policies.fieldText.tools')}
            placeholder="delete_*"
            value={draft.tools}
            error={wrong('tools')}
            onChange={(tools) => set({ tools })}
          />
          <TagsInput
            label={t('policies.field.models')}
            description={t('policies.fieldText.models')}
            placeholder="gpt-4*"
            value={draft.models}
            error={wrong('models')}
            onChange={(models) => set({ models })}
          />
        </div>
        <div className={classes.beside}>
          <Least value={draft.least} wrong={wrong('least')} onChange={(least) => set({ least })} />
          <TextInput
            label={t('policies.field.budget')}
            description={t('policies.fieldText.budget')}
            placeholder="200 requests/1h per actor"
            value={draft.budget}
            error={wrong('budget')}
            onChange={(event) => set({ budget: event.currentTarget.value })}
          />
        </div>
      </Stack>
    </fieldset>
  );
}

interface LeastProps {
  value: number;
  wrong: string | undefined;
  onChange(least: number): void;
}

function Least({ value, wrong, onChange }: LeastProps) {
  const [typed, setTyped] = useState<string | number>(value > 0 ? Math.round(value * 100) : '');
  return (
    <NumberInput
      label={t('policies.field.least')}
      description={t('policies.fieldText.least')}
      suffix=" %"
      placeholder="50 %"
      min={0}
      max={100}
      allowDecimal={false}
      error={wrong}
      value={typed}
      onChange={(next) => {
        setTyped(next);
        onChange((Number(next) || 0) / 100);
      }}
    />
  );
}

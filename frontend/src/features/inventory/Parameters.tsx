import { Table } from '@mantine/core';
import type { go } from '../../api';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import base from './inventory.module.css';
import classes from './Parameters.module.css';
import { Nothing, Words } from './parts';
import { placeWord } from './words';

/** Parameters are the inputs of an endpoint. */
export function Parameters({ list }: { list: go.EndpointParam[] }) {
  if (list.length === 0) return <Nothing>{t('inventory.params.none')}</Nothing>;
  return (
    <div className={classes.scroll}>
      <Table className={base.table ?? ''}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('inventory.params.in')}</Table.Th>
            <Table.Th>{t('inventory.params.name')}</Table.Th>
            <Table.Th>{t('inventory.params.types')}</Table.Th>
            <Table.Th>{t('inventory.params.values')}</Table.Th>
            <Table.Th ta="end">{t('inventory.params.n')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {list.map((each) => (
            <Table.Tr key={`${each.in} ${each.name}`}>
              <Table.Td className={classes.nowrap ?? ''}>{placeWord(each.in)}</Table.Td>
              <Table.Td className={base.mono ?? ''}>
                <Visible text={each.name} />
                {each.optional && <span className={base.tag}>{t('inventory.params.optional')}</span>}
                {each.declared && (
                  <span className={base.tag} data-warn>
                    {t('inventory.params.declared', { how: each.declared })}
                  </span>
                )}
              </Table.Td>
              <Table.Td>
                <Visible text={each.types.join(' | ')} />
              </Table.Td>
              <Table.Td>
                <Words words={each.values} most={6} />
              </Table.Td>
              <Table.Td ta="end">{formatNumber(each.n)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

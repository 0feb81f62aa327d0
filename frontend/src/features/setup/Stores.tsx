import { Table, Text } from '@mantine/core';
import type { go } from '../../api';
import { t } from '../../i18n';
import classes from './setup.module.css';

const states: Record<string, { word: () => string; className: string | undefined }> = {
  trusted: { word: () => t('setup.store.trusted'), className: classes.good },
  absent: { word: () => t('setup.store.absent'), className: classes.warn },
  unknown: { word: () => t('setup.store.unknown'), className: undefined },
};

/** Stores lists the trust stores of this computer and what they say about our root. */
export function Stores({ stores }: { stores: go.TrustOut['stores'] }) {
  return (
    <Table aria-label={t('setup.store.title')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('setup.store.name')}</Table.Th>
          <Table.Th>{t('setup.store.clients')}</Table.Th>
          <Table.Th>{t('setup.store.state')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {stores.map((one) => (
          <Table.Tr key={one.store}>
            <Table.Td>{one.store}</Table.Td>
            <Table.Td>{one.clients}</Table.Td>
            <Table.Td>
              <span className={states[one.state]?.className}>{states[one.state]?.word() ?? one.state}</span>
              {one.detail && (
                <Text size="xs" c="dimmed">
                  {one.detail}
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

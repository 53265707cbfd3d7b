"""kafka-python against the cluster: `python3 kafka_python_scenarios.py Scenarios.test_…`."""

import threading
import time
import unittest

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic
from kafka.coordinator.assignors.range import RangePartitionAssignor
from kafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from kafka.errors import (
    CommitFailedError,
    InvalidConfigurationError,
    InvalidPartitionsError,
    InvalidReplicationFactorError,
    InvalidTopicError,
    MessageSizeTooLargeError,
    NonEmptyGroupError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
)
from kafka.structs import OffsetAndMetadata

from scenario import BOOTSTRAP, TIMEOUT_SECONDS, Scenario, unique, wait_for

servers = BOOTSTRAP.split(",")
admin = KafkaAdminClient(bootstrap_servers=servers)


def create_topic(name, partitions=1, **config):
    topic = unique(name)
    config = {key.replace("_", "."): value for key, value in config.items()}
    admin.create_topics([NewTopic(topic, partitions, 3, topic_configs=config)])
    return topic


def produce(topic, values, partition=0, **settings):
    """Writes values to the partition; raises what the broker refuses the first of them with."""
    client = KafkaProducer(bootstrap_servers=servers, **settings)
    sent = [client.send(topic, value, partition=partition) for value in values]
    client.flush(TIMEOUT_SECONDS)
    told = [future.get(TIMEOUT_SECONDS) for future in sent]
    client.close()
    return told


def consumer(*topics, **settings):
    return KafkaConsumer(*topics, bootstrap_servers=servers, auto_offset_reset="earliest", **settings)


def read(topic, count, partition=0):
    client = consumer()
    client.assign([TopicPartition(topic, partition)])
    records = take(client, count)
    client.close()
    return records


def take(client, count):
    records = []

    def poll():
        for batch in client.poll(timeout_ms=100).values():
            records.extend(batch)
        return len(records) >= count

    wait_for(f"{count} records", poll)
    return records


def values_of(records):
    return [record.value for record in records]


def numbers(count):
    return [b"%d" % number for number in range(count)]


class Member(threading.Thread):
    """A consumer of a group in a thread of its own: one that joins waits for the others."""

    def __init__(self, topic, group, **settings):
        super().__init__(daemon=True)
        self.owned = 0
        self.values = []
        self.topic, self.settings = topic, {"group_id": group, "heartbeat_interval_ms": 200, **settings}
        self.is_leaving = False
        self.start()

    def run(self):
        client = consumer(self.topic, **self.settings)
        while not self.is_leaving:
            for records in client.poll(timeout_ms=20).values():
                self.values += values_of(records)
            self.owned = len(client.assignment())
        client.close()

    def leave(self):
        self.is_leaving = True
        self.join(TIMEOUT_SECONDS)


class Scenarios(Scenario):
    def test_finds_out_what_the_broker_is(self):
        client = KafkaProducer(bootstrap_servers=servers)
        # The newest that this client can tell from others.
        self.assertEqual(client.config["api_version"], (2, 5, 0))
        client.close()
        told = admin.describe_cluster()
        self.assertEqual(sorted(broker["node_id"] for broker in told["brokers"]), [1, 2, 3])

    def test_produces_with_every_codec_and_acks(self):
        topic = create_topic("codecs")
        expected = []
        for codec in [None, "gzip", "snappy", "lz4", "zstd"]:
            for acks in [0, 1, "all"]:
                values = [f"{codec} {acks} {number}".encode() for number in range(20)]
                told = produce(topic, values, compression_type=codec, acks=acks, linger_ms=20)
                if acks != 0:
                    self.assertEqual([one.offset for one in told], list(range(len(expected), len(expected) + 20)))
                expected += values
        self.assertEqual(values_of(read(topic, len(expected))), expected)

    def test_carries_keys_headers_and_timestamps(self):
        headers = [("colour", b"red"), ("colour", b"")]
        client = KafkaProducer(bootstrap_servers=servers)
        created = create_topic("created")
        client.send(created, b"value", key=b"key", headers=headers, timestamp_ms=1_600_000_000_000).get(TIMEOUT_SECONDS)
        client.send(created, None, key=b"key").get(TIMEOUT_SECONDS)
        first, second = read(created, 2)
        self.assertEqual((first.key, first.value, first.headers), (b"key", b"value", headers))
        self.assertEqual((first.timestamp, first.timestamp_type), (1_600_000_000_000, 0))
        self.assertEqual((second.value, second.headers), (None, []))
        appended = create_topic("appended", message_timestamp_type="LogAppendTime")
        before = int(time.time() * 1000)
        told = client.send(appended, b"value", timestamp_ms=1_600_000_000_000).get(TIMEOUT_SECONDS)
        record = read(appended, 1)[0]
        self.assertEqual((record.timestamp, record.timestamp_type), (told.timestamp, 1))
        self.assertGreaterEqual(record.timestamp, before)
        client.close()

    def test_finds_and_seeks_offsets(self):
        topic = create_topic("offsets", 2)
        client = KafkaProducer(bootstrap_servers=servers)
        for number in range(3):
            client.send(topic, b"%d" % number, partition=0, timestamp_ms=1_600_000_000_000 + number * 1000)
            client.flush()
        client.close()
        first, second = TopicPartition(topic, 0), TopicPartition(topic, 1)
        reader = consumer()
        reader.assign([first])
        self.assertEqual(reader.beginning_offsets([first, second]), {first: 0, second: 0})
        self.assertEqual(reader.end_offsets([first, second]), {first: 3, second: 0})
        found = reader.offsets_for_times({first: 1_600_000_000_001})[first]
        self.assertEqual((found.offset, found.timestamp), (1, 1_600_000_001_000))
        self.assertIsNone(reader.offsets_for_times({first: 1_600_000_002_001})[first])
        reader.seek(first, 2)
        self.assertEqual(values_of(take(reader, 1)), [b"2"])
        # Behind the end: it starts over where auto_offset_reset says.
        reader.seek(first, 1000)
        self.assertEqual(values_of(take(reader, 3)), numbers(3))
        reader.seek_to_end(first)
        self.assertEqual(reader.position(first), 3)
        reader.close()

    def test_pauses_and_resumes(self):
        topic = create_topic("paused", 2)
        reader = consumer()
        partitions = [TopicPartition(topic, number) for number in range(2)]
        reader.assign(partitions)
        reader.pause(partitions[0])
        for number in range(2):
            produce(topic, numbers(5), number)
        self.assertEqual({record.partition for record in take(reader, 5)}, {1})
        self.assertEqual(reader.poll(timeout_ms=500), {})
        reader.resume(partitions[0])
        self.assertEqual({record.partition for record in take(reader, 5)}, {0})
        reader.close()

    def test_members_of_a_group_share_partitions(self):
        for assignor in [RangePartitionAssignor, RoundRobinPartitionAssignor]:
            with self.subTest(assignor.name):
                topic, group = create_topic("shared", 4), unique("sharers")
                first, second = (Member(topic, group, partition_assignment_strategy=[assignor]) for _ in range(2))
                wait_for("two each", lambda: (first.owned, second.owned) == (2, 2))
                for partition in range(4):
                    produce(topic, [b"%d" % partition], partition)
                wait_for("all records", lambda: sorted(first.values + second.values) == numbers(4))
                second.leave()
                wait_for("all four", lambda: first.owned == 4)
                first.leave()

    def test_goes_on_where_the_group_committed(self):
        topic, group = create_topic("committed"), unique("committer")
        produce(topic, numbers(10))
        partition = TopicPartition(topic, 0)
        first = consumer(topic, group_id=group, enable_auto_commit=False, max_poll_records=4)
        self.assertEqual(values_of(take(first, 4)), numbers(4))
        first.commit({partition: OffsetAndMetadata(4, "page four")})
        self.assertEqual(first.committed(partition, metadata=True), OffsetAndMetadata(4, "page four"))
        first.close()
        second = consumer(topic, group_id=group)
        self.assertEqual(values_of(take(second, 6)), numbers(10)[4:])
        second.close()
        self.assertEqual(admin.list_consumer_group_offsets(group), {partition: OffsetAndMetadata(10, "")})

    def test_a_member_that_was_left_out_may_not_commit(self):
        topic, group = create_topic("late"), unique("late")
        produce(topic, numbers(1))
        settings = {"group_id": group, "enable_auto_commit": False, "max_poll_interval_ms": 6000}
        settings.update(session_timeout_ms=6000, heartbeat_interval_ms=500)
        late = consumer(topic, **settings)
        take(late, 1)
        other = Member(topic, group, **settings)
        wait_for("the partition to be the other's", lambda: other.owned)
        with self.assertRaises(CommitFailedError):
            late.commit({TopicPartition(topic, 0): OffsetAndMetadata(1, "")})
        other.leave()
        late.close(autocommit=False)

    def test_administers_topics(self):
        topic, assigned = unique("administered"), unique("assigned")
        admin.create_topics([NewTopic(topic, 2, 3)], validate_only=True)
        self.assertNotIn(topic, admin.list_topics())
        admin.create_topics([NewTopic(topic, 2, 3), NewTopic(assigned, -1, -1, {0: [1, 2], 1: [3, 1]})])
        told = {one["topic"]: one["partitions"] for one in admin.describe_topics([topic, assigned])}
        replicas = {one["partition"]: one["replicas"] for one in told[assigned]}
        self.assertEqual((len(told[topic]), replicas), (2, {0: [1, 2], 1: [3, 1]}))
        refused = {
            TopicAlreadyExistsError: NewTopic(topic, 1, 1),
            InvalidReplicationFactorError: NewTopic(unique("a"), 1, 9),
            InvalidPartitionsError: NewTopic(unique("a"), 0, 1),
            InvalidTopicError: NewTopic("no spaces", 1, 1),
            InvalidConfigurationError: NewTopic(unique("a"), 1, 1, topic_configs={"retention.ms": "soon"}),
        }
        for error, new in refused.items():
            with self.subTest(error.__name__), self.assertRaises(error):
                admin.create_topics([new])
        admin.create_partitions({topic: NewPartitions(4)})
        with self.assertRaises(InvalidPartitionsError):
            admin.create_partitions({topic: NewPartitions(3)})
        admin.delete_topics([topic])
        with self.assertRaises(UnknownTopicOrPartitionError):
            admin.delete_topics([topic])

    def test_describes_and_alters_configs(self):
        topic = create_topic("configured", retention_ms="1000")

        def describe():
            resource = ConfigResource(ConfigResourceType.TOPIC, topic)
            answer = admin.describe_configs([resource])[0]
            return {entry[0]: entry[1] for entry in answer.resources[0][4]}

        self.assertEqual((describe()["retention.ms"], describe()["cleanup.policy"]), ("1000", "delete"))
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, {"cleanup.policy": "compact"})])
        wait_for("the config", lambda: describe()["cleanup.policy"] == "compact")
        self.assertEqual(describe()["retention.ms"], "604800000")

    def test_lists_describes_and_deletes_groups(self):
        topic, group = create_topic("grouped"), unique("grouped")
        member = Member(topic, group, client_id="described")
        wait_for("the partition", lambda: member.owned)
        self.assertIn((group, "consumer"), admin.list_consumer_groups())
        told = admin.describe_consumer_groups([group])[0]
        self.assertEqual((told.state, told.protocol, [one.client_id for one in told.members]), ("Stable", "range", ["described"]))
        self.assertEqual(told.members[0].member_assignment.assignment, [(topic, [0])])
        self.assertEqual(admin.delete_consumer_groups([group]), [(group, NonEmptyGroupError)])
        member.leave()
        self.assertEqual(admin.describe_consumer_groups([group])[0].state, "Empty")
        self.assertEqual([error.errno for _, error in admin.delete_consumer_groups([group])], [0])
        self.assertEqual(admin.describe_consumer_groups([group])[0].state, "Dead")

    def test_is_told_that_a_record_is_too_large(self):
        small = create_topic("small", max_message_bytes="1000")
        with self.assertRaises(MessageSizeTooLargeError):
            produce(small, [b"x" * 2000])

    def test_topics_are_created_by_who_writes_to_them(self):
        topic = unique("automatic")
        self.assertEqual(produce(topic, [b"first"])[0].offset, 0)
        self.assertEqual(values_of(read(topic, 1)), [b"first"])


if __name__ == "__main__":
    unittest.main()

"""confluent-kafka (librdkafka) against the cluster: `python3 confluent_kafka_scenarios.py Scenarios.test_…`."""

import time
import unittest

from confluent_kafka import (
    OFFSET_BEGINNING,
    TIMESTAMP_CREATE_TIME,
    TIMESTAMP_LOG_APPEND_TIME,
    Consumer,
    DeserializingConsumer,
    KafkaError,
    KafkaException,
    Producer,
    SerializingProducer,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic
from confluent_kafka.serialization import StringDeserializer, StringSerializer

from scenario import BOOTSTRAP, TIMEOUT_SECONDS, Scenario, unique, wait_for


admin = AdminClient({"bootstrap.servers": BOOTSTRAP})


def create_topic(name, partitions=1, **config):
    topic = unique(name)
    config = {key.replace("_", "."): value for key, value in config.items()}
    futures = admin.create_topics([NewTopic(topic, partitions, 3, config=config)])
    futures[topic].result(TIMEOUT_SECONDS)
    return topic


def producer(**settings):
    return Producer({"bootstrap.servers": BOOTSTRAP, **{key.replace("_", "."): value for key, value in settings.items()}})


def consumer(group, **settings):
    defaults = {"bootstrap.servers": BOOTSTRAP, "group.id": group, "auto.offset.reset": "earliest"}
    return Consumer({**defaults, **{key.replace("_", "."): value for key, value in settings.items()}})


def produce(topic, values, client=None, **record):
    """Writes values and answers what the broker said of each: an error or None."""
    # A producer with nothing in its queue is false.
    client = producer() if client is None else client
    errors = []
    for value in values:
        client.produce(topic, value, on_delivery=lambda error, _: errors.append(error), **record)
    client.flush(TIMEOUT_SECONDS)
    return errors


def read(topic, count, partition=0, **settings):
    """The first records of a partition."""
    client = consumer(unique("reader"), **settings)
    client.assign([TopicPartition(topic, partition, OFFSET_BEGINNING)])
    records = []

    def poll():
        record = client.poll(0.1)
        if record is not None:
            if record.error():
                raise KafkaException(record.error())
            records.append(record)
        return len(records) >= count

    wait_for(f"{count} records of {topic}", poll)
    client.close()
    return records


def values_of(records):
    return [record.value().decode() for record in records]


def code_of(action):
    """The code of the error that an action ends with."""
    try:
        action()
    except KafkaException as error:
        return error.args[0].code()
    return KafkaError.NO_ERROR


class Member:
    """A consumer of a group that knows what it has been given."""

    def __init__(self, group, topic, **settings):
        self.assignments = 0
        self.owned = set()
        self.values = []
        self.is_cooperative = settings.get("partition_assignment_strategy") == "cooperative-sticky"
        self.client = consumer(group, **settings)
        self.client.subscribe([topic], on_assign=self.assigned, on_revoke=self.revoked, on_lost=self.revoked)

    def assigned(self, client, partitions):
        self.assignments += 1
        if self.is_cooperative:
            client.incremental_assign(partitions)
        else:
            client.assign(partitions)
        self.owned |= {partition.partition for partition in partitions}

    def revoked(self, client, partitions):
        if self.is_cooperative:
            client.incremental_unassign(partitions)
        else:
            client.unassign()
        self.owned -= {partition.partition for partition in partitions}

    def poll(self):
        record = self.client.poll(0.02)
        if record is not None and not record.error():
            self.values.append(record.value().decode())


def poll_until(what, members, probe):
    def poll():
        for member in members:
            member.poll()
        return probe()

    return wait_for(what, poll)


class Scenarios(Scenario):
    def test_produces_with_every_codec_acks_and_idempotence(self):
        topic = create_topic("codecs")
        expected = []
        for codec in ["none", "gzip", "snappy", "lz4", "zstd"]:
            for settings in [{"acks": "0"}, {"acks": "1"}, {"acks": "all"}, {"enable_idempotence": True}]:
                values = [f"{codec} {settings} {number}" for number in range(20)]
                errors = produce(topic, values, producer(compression_type=codec, linger_ms=20, **settings))
                self.assertEqual(errors, [None] * len(values))
                expected += values
        self.assertEqual(values_of(read(topic, len(expected))), expected)

    def test_carries_keys_headers_and_timestamps(self):
        headers = [("colour", b"red"), ("colour", b""), ("none", None)]
        created = create_topic("created")
        produce(created, [b"value"], key=b"key", headers=headers, timestamp=1_600_000_000_000)
        produce(created, [None], key=b"key")
        first, second = read(created, 2)
        self.assertEqual((first.key(), first.value(), first.headers()), (b"key", b"value", headers))
        self.assertEqual(first.timestamp(), (TIMESTAMP_CREATE_TIME, 1_600_000_000_000))
        self.assertEqual((second.value(), second.headers()), (None, None))
        appended = create_topic("appended", message_timestamp_type="LogAppendTime")
        before = int(time.time() * 1000)
        produce(appended, [b"value"], timestamp=1_600_000_000_000)
        kind, timestamp = read(appended, 1)[0].timestamp()
        self.assertEqual(kind, TIMESTAMP_LOG_APPEND_TIME)
        self.assertGreaterEqual(timestamp, before)

    def test_finds_offsets(self):
        topic = create_topic("offsets")
        for number in range(3):
            produce(topic, [str(number)], timestamp=1_600_000_000_000 + number * 1000)
        client = consumer(unique("finder"))
        self.assertEqual(client.get_watermark_offsets(TopicPartition(topic, 0), timeout=TIMEOUT_SECONDS), (0, 3))
        asked = [(1_600_000_000_000, 0), (1_600_000_000_001, 1), (1_600_000_002_000, 2), (1_600_000_002_001, -1)]
        for timestamp, offset in asked:
            found = client.offsets_for_times([TopicPartition(topic, 0, timestamp)], timeout=TIMEOUT_SECONDS)
            self.assertEqual((found[0].offset, found[0].error), (offset, None))
        client.close()
        out_of_range = consumer(unique("lost"), auto_offset_reset="error")
        out_of_range.assign([TopicPartition(topic, 0, 1000)])
        record = wait_for("the error", lambda: out_of_range.poll(0.1))
        self.assertEqual(record.error().code(), KafkaError._AUTO_OFFSET_RESET)
        out_of_range.close()

    def test_commits_and_aborts_transactions(self):
        topic = create_topic("transactional", 2)
        client = producer(transactional_id=unique("writer"))
        client.init_transactions(TIMEOUT_SECONDS)
        expected = []
        for number in range(6):
            client.begin_transaction()
            for partition in range(2):
                produce(topic, [f"{number}"], client, partition=partition)
            if number % 2 == 0:
                client.commit_transaction(TIMEOUT_SECONDS)
                expected.append(f"{number}")
            else:
                client.abort_transaction(TIMEOUT_SECONDS)
        for partition in range(2):
            records = read(topic, len(expected), partition, isolation_level="read_committed")
            self.assertEqual(values_of(records), expected)
            everything = read(topic, 6, partition, isolation_level="read_uncommitted")
            self.assertEqual(values_of(everything), [f"{number}" for number in range(6)])

    def test_consumes_transforms_and_produces_exactly_once(self):
        source, target, group = create_topic("source"), create_topic("target"), unique("copier")
        produce(source, [f"{number}" for number in range(30)])
        reader = consumer(group, enable_auto_commit=False, isolation_level="read_committed")
        reader.subscribe([source])
        writer = producer(transactional_id=unique("copier"))
        writer.init_transactions(TIMEOUT_SECONDS)
        copied, attempt = 0, 0
        while copied < 30:
            records = reader.consume(5, 0.5)
            if not records:
                continue
            attempt += 1
            writer.begin_transaction()
            for record in records:
                writer.produce(target, record.value())
            writer.send_offsets_to_transaction(
                reader.position(reader.assignment()), reader.consumer_group_metadata(), TIMEOUT_SECONDS
            )
            if attempt % 2 == 0:
                writer.commit_transaction(TIMEOUT_SECONDS)
                copied += len(records)
            else:
                writer.abort_transaction(TIMEOUT_SECONDS)
                reader.seek(TopicPartition(source, 0, records[0].offset()))
        committed = reader.committed([TopicPartition(source, 0)], TIMEOUT_SECONDS)
        self.assertEqual(committed[0].offset, 30)
        reader.close()
        records = read(target, 30, isolation_level="read_committed")
        self.assertEqual(values_of(records), [f"{number}" for number in range(30)])

    def test_fences_the_older_of_two_producers(self):
        topic, transactional_id = create_topic("fenced"), unique("fenced")
        older, newer = (producer(transactional_id=transactional_id) for _ in range(2))
        older.init_transactions(TIMEOUT_SECONDS)
        older.begin_transaction()
        produce(topic, ["older"], older)
        newer.init_transactions(TIMEOUT_SECONDS)
        with self.assertRaises(KafkaException) as raised:
            older.commit_transaction(TIMEOUT_SECONDS)
        self.assertEqual(raised.exception.args[0].code(), KafkaError._FENCED)
        self.assertTrue(raised.exception.args[0].fatal())
        newer.begin_transaction()
        produce(topic, ["newer"], newer)
        newer.commit_transaction(TIMEOUT_SECONDS)
        self.assertEqual(values_of(read(topic, 1, isolation_level="read_committed")), ["newer"])

    def test_members_of_a_group_share_partitions_by_every_assignor(self):
        for strategy in ["range", "roundrobin", "cooperative-sticky"]:
            with self.subTest(strategy):
                topic, group = create_topic("shared", 4), unique("sharers")
                settings = {"partition_assignment_strategy": strategy}
                members = [Member(group, topic, **settings) for _ in range(2)]
                first, second = members
                poll_until("two each", members, lambda: [len(member.owned) for member in members] == [2, 2])
                self.assertEqual(first.owned | second.owned, {0, 1, 2, 3})
                for partition in range(4):
                    produce(topic, [f"{partition}"], partition=partition)
                seen = lambda: sorted(first.values + second.values)
                poll_until("all records", members, lambda: len(seen()) >= 4)
                self.assertEqual(seen(), ["0", "1", "2", "3"])
                second.client.close()
                poll_until("all four", [first], lambda: len(first.owned) == 4)
                first.client.close()

    def test_a_static_member_comes_back_to_what_it_had(self):
        topic, group = create_topic("static", 2), unique("static")
        join = lambda name: Member(group, topic, group_instance_id=name, session_timeout_ms=45_000)
        stays, leaves = join("stays"), join("leaves")
        poll_until("one each", [stays, leaves], lambda: len(stays.owned) == len(leaves.owned) == 1)
        owned, assignments = set(leaves.owned), stays.assignments
        leaves.client.close()
        returned = join("leaves")
        poll_until("its partition", [stays, returned], lambda: len(returned.owned) == 1)
        self.assertEqual(returned.owned, owned)
        self.assertEqual(stays.assignments, assignments, "the other member saw a rebalance")
        impostor = join("leaves")
        fatal = []
        impostor_or_returned = [stays, impostor]

        def is_fenced():
            record = returned.client.poll(0.02)
            if record is not None and record.error():
                fatal.append(record.error().code())
            return fatal

        poll_until("the older of the same name to be fenced", impostor_or_returned, is_fenced)
        self.assertIn(fatal[0], [KafkaError._FATAL, KafkaError.FENCED_INSTANCE_ID])
        for member in [stays, impostor, returned]:
            member.client.close()

    def test_commits_offsets_with_what_belongs_to_them(self):
        topic, group = create_topic("committed", 2), unique("committer")
        client = consumer(group)
        client.commit(offsets=[TopicPartition(topic, 0, 7)], asynchronous=False)
        asked = [TopicPartition(topic, partition) for partition in range(2)]
        offsets = client.committed(asked, TIMEOUT_SECONDS)
        self.assertEqual([partition.offset for partition in offsets], [7, -1001])
        unknown = lambda: client.commit(offsets=[TopicPartition(unique("none"), 0, 7)], asynchronous=False)
        self.assertEqual(code_of(unknown), KafkaError.UNKNOWN_TOPIC_OR_PART)
        client.close()

    def test_a_member_that_polls_too_late_is_left_out_and_may_not_commit(self):
        topic, group = create_topic("late"), unique("late")
        produce(topic, ["value"])
        settings = {"session_timeout_ms": 6000, "max_poll_interval_ms": 6000, "enable_auto_commit": False}
        late, other = Member(group, topic, **settings), Member(group, topic, **settings)
        poll_until("the partition", [late, other], lambda: late.owned or other.owned)
        if other.owned:
            late, other = other, late
        poll_until("it to be the other's", [other], lambda: other.owned)
        codes = code_of(lambda: late.client.commit(offsets=[TopicPartition(topic, 0, 1)], asynchronous=False))
        self.assertIn(codes, [KafkaError.UNKNOWN_MEMBER_ID, KafkaError.ILLEGAL_GENERATION])
        other.client.close()
        late.client.close()

    def test_administers_topics(self):
        client, topic = admin, unique("administered")
        create = lambda new, **options: next(iter(client.create_topics([new], **options).values())).result(TIMEOUT_SECONDS)
        create(NewTopic(topic, 2, 3), validate_only=True)
        self.assertNotIn(topic, client.list_topics(timeout=TIMEOUT_SECONDS).topics)
        create(NewTopic(topic, 2, 3, config={"retention.ms": "1000"}))
        partitions = wait_for("the topic", lambda: client.list_topics(timeout=TIMEOUT_SECONDS).topics.get(topic)).partitions
        self.assertEqual([len(partition.replicas) for partition in partitions.values()], [3, 3])
        assigned = unique("assigned")
        create(NewTopic(assigned, 2, replica_assignment=[[1, 2], [3, 1]]))
        told = client.list_topics(timeout=TIMEOUT_SECONDS).topics[assigned].partitions
        self.assertEqual([told[number].replicas for number in range(2)], [[1, 2], [3, 1]])
        refused = {
            "exists": (NewTopic(topic, 1, 1), KafkaError.TOPIC_ALREADY_EXISTS),
            "replicas": (NewTopic(unique("a"), 1, 9), KafkaError.INVALID_REPLICATION_FACTOR),
            "partitions": (NewTopic(unique("a"), 0, 1), KafkaError.INVALID_PARTITIONS),
            "name": (NewTopic("no spaces", 1, 1), KafkaError.TOPIC_EXCEPTION),
            "config": (NewTopic(unique("a"), 1, 1, config={"retention.ms": "soon"}), KafkaError.INVALID_CONFIG),
            "unknown config": (NewTopic(unique("a"), 1, 1, config={"no.such": "1"}), KafkaError.INVALID_CONFIG),
        }
        for name, (new, code) in refused.items():
            with self.subTest(name):
                self.assertEqual(code_of(lambda: create(new)), code)
        grow = lambda count: client.create_partitions([NewPartitions(topic, count)])[topic].result(TIMEOUT_SECONDS)
        grow(4)
        self.assertEqual(code_of(lambda: grow(3)), KafkaError.INVALID_PARTITIONS)
        delete = lambda: client.delete_topics([topic])[topic].result(TIMEOUT_SECONDS)
        delete()
        self.assertEqual(code_of(delete), KafkaError.UNKNOWN_TOPIC_OR_PART)

    def test_describes_and_alters_configs(self):
        client, topic = admin, create_topic("configured", retention_ms="1000")

        def describe(kind, name):
            asked = ConfigResource(kind, name)
            return client.describe_configs([asked])[asked].result(TIMEOUT_SECONDS)

        told = describe("topic", topic)
        self.assertEqual((told["retention.ms"].value, told["retention.ms"].is_default), ("1000", False))
        self.assertEqual((told["cleanup.policy"].value, told["cleanup.policy"].is_default), ("delete", True))
        self.assertEqual(told["min.insync.replicas"].value, "2")
        self.assertEqual(describe("broker", "1")["node.id"].value, "1")
        altered = ConfigResource("topic", topic, set_config={"cleanup.policy": "compact"})
        client.alter_configs([altered])[altered].result(TIMEOUT_SECONDS)
        is_told = lambda: describe("topic", topic)["cleanup.policy"].value == "compact"
        wait_for("the config", is_told)
        # AlterConfigs is the whole: what is not named goes back to its default.
        self.assertTrue(describe("topic", topic)["retention.ms"].is_default)
        wrong = ConfigResource("topic", topic, set_config={"cleanup.policy": "none at all"})
        self.assertEqual(
            code_of(lambda: client.alter_configs([wrong])[wrong].result(TIMEOUT_SECONDS)), KafkaError.INVALID_CONFIG
        )
        unknown = lambda: describe("topic", unique("unknown"))
        self.assertEqual(code_of(unknown), KafkaError.UNKNOWN_TOPIC_OR_PART)

    def test_lists_groups_with_their_members(self):
        topic, group = create_topic("listed"), unique("listed")
        member = Member(group, topic, client_id="listed-client")
        poll_until("the partition", [member], lambda: member.owned)
        told = admin.list_groups(group, timeout=TIMEOUT_SECONDS)
        self.assertEqual([(one.id, one.state, one.protocol_type, one.protocol) for one in told], [(group, "Stable", "consumer", "range")])
        self.assertEqual([one.client_id for one in told[0].members], ["listed-client"])
        self.assertEqual(told[0].members[0].client_host, "/127.0.0.1")
        member.client.close()

    def test_tells_why_records_are_refused(self):
        small = create_topic("small", max_message_bytes="1000")
        self.assertEqual([error.code() for error in produce(small, [b"x" * 2000])], [KafkaError.MSG_SIZE_TOO_LARGE])
        compacted = create_topic("compacted", cleanup_policy="compact")
        self.assertEqual([error.code() for error in produce(compacted, ["no key"])], [KafkaError.INVALID_RECORD])
        bounded = create_topic("bounded", message_timestamp_before_max_ms="1000")
        old = produce(bounded, ["old"], timestamp=1_600_000_000_000)
        self.assertEqual([error.code() for error in old], [KafkaError.INVALID_TIMESTAMP])
        missing = consumer(unique("missing"), allow_auto_create_topics=False)
        missing.subscribe([unique("missing")])
        record = wait_for("the error", lambda: missing.poll(0.1))
        self.assertEqual(record.error().code(), KafkaError.UNKNOWN_TOPIC_OR_PART)
        missing.close()

    def test_topics_are_created_by_who_writes_to_them(self):
        topic = unique("automatic")
        self.assertEqual(produce(topic, ["first"]), [None])
        self.assertEqual(values_of(read(topic, 1)), ["first"])

    def test_serializes(self):
        topic = create_topic("serialized")
        writer = SerializingProducer(
            {"bootstrap.servers": BOOTSTRAP, "key.serializer": StringSerializer(), "value.serializer": StringSerializer()}
        )
        writer.produce(topic, key="ключ", value="värde")
        writer.flush(TIMEOUT_SECONDS)
        settings = {"bootstrap.servers": BOOTSTRAP, "group.id": unique("group"), "auto.offset.reset": "earliest"}
        text = {"key.deserializer": StringDeserializer(), "value.deserializer": StringDeserializer()}
        client = DeserializingConsumer({**settings, **text})
        client.subscribe([topic])
        record = wait_for("the record", lambda: client.poll(0.1))
        self.assertEqual((record.key(), record.value()), ("ключ", "värde"))
        client.close()


if __name__ == "__main__":
    unittest.main()

"""Both Python clients against a secured cluster: `AUTHORITY` is the file of whom they trust. Its users are `root`, who may
do everything, `alice` and `bob`, with PLAIN, and `dora`, with both kinds of SCRAM; carol has the certificate in `CERTIFICATE`."""

import os
import unittest

import confluent_kafka
import kafka
from confluent_kafka import KafkaError
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    NewTopic,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
)
from kafka.errors import NoBrokersAvailable, TopicAuthorizationFailedError

from scenario import BOOTSTRAP, TIMEOUT_SECONDS, Scenario, unique, wait_for

AUTHORITY, CERTIFICATE, TLS = (os.environ[name] for name in ["AUTHORITY", "CERTIFICATE", "TLS"])
PASSWORDS = {"root": 'root "secret"', "alice": "alice secret", "bob": "bob secret", "dora": "pw"}
MECHANISMS = [("alice", "PLAIN"), ("dora", "SCRAM-SHA-256"), ("dora", "SCRAM-SHA-512")]


def by_sasl(user, mechanism="PLAIN", password=None):
    """Settings of kafka-python."""
    return {
        "bootstrap_servers": BOOTSTRAP.split(","),
        "security_protocol": "SASL_SSL",
        "ssl_cafile": AUTHORITY,
        "sasl_mechanism": mechanism,
        "sasl_plain_username": user,
        "sasl_plain_password": password or PASSWORDS[user],
    }


def by_sasl_of_librdkafka(user, mechanism="PLAIN", password=None):
    return {
        "bootstrap.servers": BOOTSTRAP,
        "security.protocol": "SASL_SSL",
        "ssl.ca.location": AUTHORITY,
        "sasl.mechanism": mechanism,
        "sasl.username": user,
        "sasl.password": password or PASSWORDS[user],
    }


admin = kafka.KafkaAdminClient(**by_sasl("root"))


def create_topic(name):
    topic = unique(name)
    admin.create_topics([NewTopic(topic, 1, 2)])
    return topic


def allow(user, topic, operation):
    allowed = ACL(
        f"User:{user}", "*", operation, ACLPermissionType.ALLOW, ResourcePattern(ResourceType.TOPIC, topic)
    )
    created = admin.create_acls([allowed])
    return created["succeeded"] == [allowed]


def produce_by_librdkafka(topic, settings):
    """What the broker said of a record: an error or None."""
    told = []
    client = confluent_kafka.Producer({**settings, "message.timeout.ms": 30_000})
    client.produce(topic, "by librdkafka", on_delivery=lambda error, _: told.append(error))
    client.flush(TIMEOUT_SECONDS)
    return told[0]


class Scenarios(Scenario):
    def test_both_come_in_by_every_mechanism(self):
        for user, mechanism in MECHANISMS:
            with self.subTest(f"{user} by {mechanism}"):
                topic = create_topic("mechanism")
                self.assertTrue(allow(user, topic, ACLOperation.ALL))
                client = kafka.KafkaProducer(**by_sasl(user, mechanism))
                client.send(topic, b"by kafka-python").get(TIMEOUT_SECONDS)
                client.close()
                self.assertIsNone(produce_by_librdkafka(topic, by_sasl_of_librdkafka(user, mechanism)))
                reader = kafka.KafkaConsumer(**by_sasl(user, mechanism))
                partition = kafka.TopicPartition(topic, 0)
                reader.assign([partition])
                self.assertEqual(reader.end_offsets([partition]), {partition: 2})
                reader.close()

    def test_both_are_refused_with_a_wrong_password(self):
        for mechanism in ["PLAIN", "SCRAM-SHA-256"]:
            with self.subTest(mechanism):
                with self.assertRaises(NoBrokersAvailable):
                    kafka.KafkaProducer(**by_sasl("dora", mechanism, "wrong"))
                errors = []
                settings = by_sasl_of_librdkafka("dora", mechanism, "wrong")
                client = confluent_kafka.Producer({**settings, "error_cb": errors.append})
                wait_for("the error", lambda: client.poll(0.1) or errors)
                self.assertEqual(errors[0].code(), KafkaError._AUTHENTICATION)

    def test_both_come_in_by_a_certificate(self):
        topic = create_topic("certified")
        allow("carol", topic, ACLOperation.WRITE)
        settings = {"bootstrap_servers": TLS.split(","), "security_protocol": "SSL", "ssl_cafile": AUTHORITY}
        client = kafka.KafkaProducer(**settings, ssl_certfile=CERTIFICATE, ssl_keyfile=CERTIFICATE)
        client.send(topic, b"by kafka-python").get(TIMEOUT_SECONDS)
        client.close()
        files = {"ssl.certificate.location": CERTIFICATE, "ssl.key.location": CERTIFICATE, "ssl.ca.location": AUTHORITY}
        settings = {"bootstrap.servers": TLS, "security.protocol": "SSL", **files}
        self.assertIsNone(produce_by_librdkafka(topic, settings))

    def test_acls_say_who_may_do_what(self):
        topic = create_topic("guarded")
        client = kafka.KafkaProducer(**by_sasl("bob"))
        allow("bob", topic, ACLOperation.DESCRIBE)
        with self.assertRaises(TopicAuthorizationFailedError):
            client.send(topic, b"too early").get(TIMEOUT_SECONDS)
        refused = produce_by_librdkafka(topic, by_sasl_of_librdkafka("bob"))
        self.assertEqual(refused.code(), KafkaError.TOPIC_AUTHORIZATION_FAILED)
        allow("bob", topic, ACLOperation.WRITE)
        wait_for("the right to write", lambda: produce_by_librdkafka(topic, by_sasl_of_librdkafka("bob")) is None)
        client.send(topic, b"now").get(TIMEOUT_SECONDS)
        client.close()

    def test_acls_are_listed_and_deleted(self):
        topic = create_topic("listed")
        allow("alice", topic, ACLOperation.READ)
        allow("bob", topic, ACLOperation.READ)
        pattern = ResourcePatternFilter(ResourceType.TOPIC, topic, kafka.admin.ACLResourcePatternType.MATCH)
        of = lambda user: ACLFilter(user, None, ACLOperation.ANY, ACLPermissionType.ANY, pattern)
        told = lambda: sorted(acl.principal for acl in admin.describe_acls(of(None))[0])
        self.assertEqual(told(), ["User:alice", "User:bob"])
        admin.delete_acls([of("User:alice")])
        self.assertEqual(told(), ["User:bob"])


if __name__ == "__main__":
    unittest.main()

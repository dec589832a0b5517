"""What ministack 1.5 leaves out and a deployment of keysweep needs, one function each: see docs/deployment-test.md."""

import csv
import email.message
import io
import json
import os
import smtplib
import threading
import time


#: Every request that a policy was asked about: {"caller": "root" or name of the role, "action", "resource", "allowed",
#: "refusal": None, the code of an error, or the decision}.
requests = []

#: What the emulator does not see by itself, by id of an access key, "password of USER" or "root":
#: {"at": seconds since 1970, or None: three hours ago, at every time; "service", "region"}.
uses = {}


def install():
    deliver_email()
    confirm_addresses_first()
    keep_alarms_over_filled_metrics()
    know_the_user_of_a_key()
    know_last_uses()
    know_root_has_no_mfa()
    know_the_topic_of_a_subscription()
    judge_each_event()
    keep_bus_policies()
    know_the_role_of_a_session()
    refuse_a_second_role()
    invoke_with_retries()
    record_requests()


def deliver_email():
    """It only logs what it would send by e-mail: SMTP, to the port of loopback in KEYSWEEP_TEST_SMTP_PORT."""
    from ministack.services import sns

    fan_out = sns._fanout

    def fan_out_with_email(topic_arn, msg_id, message, subject, message_structure="", message_attributes=None, **fifo):
        fan_out(topic_arn, msg_id, message, subject, message_structure, message_attributes, **fifo)
        topic = sns._topic_by_arn_any_scope(topic_arn) or {"subscriptions": []}
        for subscription in topic["subscriptions"]:
            if subscription.get("protocol") != "email" or not subscription.get("confirmed"):
                continue
            text = sns._resolve_message_for_protocol(message, message_structure, "email")
            if sns._matches_filter_policy(subscription, message_attributes or {}, text):
                send_email(subscription["endpoint"], subject, text)

    sns._fanout = fan_out_with_email


def send_email(recipient, subject, text):
    """In a thread of its own: a publisher does not wait for mail servers."""
    message = email.message.EmailMessage()
    message["From"] = "AWS Notifications <no-reply@sns.amazonaws.com>"
    message["To"] = recipient
    message["Subject"] = subject or "AWS Notification Message"
    message.set_content(text)

    def send():
        with smtplib.SMTP("127.0.0.1", int(os.environ["KEYSWEEP_TEST_SMTP_PORT"]), timeout=30) as server:
            server.send_message(message)

    threading.Thread(target=send, daemon=True).start()


def confirm_addresses_first():
    """It takes e-mail addresses of a template as confirmed, and lists every subscription by its ARN.

    SNS asks each address by mail, and lists it as PendingConfirmation until someone confirms with the token of that mail.
    """
    from ministack.services import sns
    from ministack.services.cloudformation import provisioners

    handlers = provisioners._RESOURCE_HANDLERS["AWS::SNS::Subscription"]
    create, list_by_topic = handlers["create"], sns._list_subscriptions_by_topic

    def create_pending(logical_id, props, stack_name):
        arn, attributes = create(logical_id, props, stack_name)
        subscription = sns._find_subscription(props["TopicArn"], arn)
        if subscription["protocol"] == "email":
            token = sns.new_uuid()
            subscription.update(confirmed=False, token=token)
            subscription["attributes"]["PendingConfirmation"] = "true"
            text = f"TopicArn={props['TopicArn']}&Token={token}"
            send_email(subscription["endpoint"], "AWS Notification - Subscription Confirmation", text)
        return arn, attributes

    def list_with_states(params):
        status, headers, body = list_by_topic(params)
        topic = sns._topic_by_arn_any_scope(sns._p(params, "TopicArn")) or {"subscriptions": []}
        for subscription in topic["subscriptions"]:
            if not subscription["confirmed"]:
                body = body.replace(subscription["arn"].encode(), b"PendingConfirmation")
        return status, headers, body

    handlers["create"] = create_pending
    sns._list_subscriptions_by_topic = list_with_states


def keep_alarms_over_filled_metrics():
    """It has no alarms over metric math: one over a metric whose gaps are filled is kept as one over the metric itself."""
    from ministack.services.cloudformation import provisioners

    record = provisioners._cw_metric_alarm_record

    def record_of_filled_metric(name, props):
        metrics = props.get("Metrics")
        if not metrics:
            return record(name, props)
        expressions = [metric["Expression"] for metric in metrics if "Expression" in metric]
        stats = [metric for metric in metrics if "MetricStat" in metric]
        filled = "FILL({0}, 0) + 0 * FILL({0}, REPEAT)"
        if len(stats) != 1 or expressions != [filled.format(stats[0]["Id"])]:
            raise ValueError(f"no alarm over {expressions}: test/deployment/emulator/additions.py knows {filled}")
        stat = stats[0]["MetricStat"]
        plain = {key: value for key, value in props.items() if key != "Metrics"}
        return record(name, {**plain, **stat["Metric"], "Period": stat["Period"], "Statistic": stat["Stat"]})

    provisioners._cw_metric_alarm_record = record_of_filled_metric


def know_the_user_of_a_key():
    """A request names a key; policies judge it by the user whose key it is, which ministack does not look up."""
    from ministack.core import iam_actions
    from ministack.services import iam

    resource_of = iam_actions.extract_resource_arn

    def resource_with_user(service, method, path, headers, body, query_params, region, account_id):
        resource = resource_of(service, method, path, headers, body, query_params, region, account_id)
        if service != "iam" or resource != "*":
            return resource
        key = iam._access_keys.get(iam_actions._query_param(query_params, "AccessKeyId"))
        return resource if key is None else iam._users[key["UserName"]]["Arn"]

    iam_actions.extract_resource_arn = resource_with_user


def know_last_uses():
    """It takes every key and password for never used: what `uses` says of them is in the report and the answers of IAM."""
    from ministack.services import iam

    build_report, last_used = iam._build_credential_report, iam._get_access_key_last_used

    def report_with_uses():
        rows = list(csv.DictReader(io.StringIO(build_report())))
        for row in rows:
            if row["user"] == "<root_account>":
                add_root_use(row)
            else:
                add_uses(row, row["user"])
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue().rstrip("\n")

    def add_uses(row, user):
        if user in iam._login_profiles:
            row["password_last_changed"] = iam._login_profiles[user]["CreateDate"]
            row["password_last_used"] = last_use(f"password of {user}") or "no_information"
        # In the order of the report.
        keys = sorted((key for key in iam._access_keys.values() if key["UserName"] == user), key=lambda key: key["CreateDate"])
        for slot, key in enumerate(keys[:2], 1):
            key_id = key["AccessKeyId"]
            if key_id in uses:
                row[f"access_key_{slot}_last_used_date"] = last_use(key_id)
                row[f"access_key_{slot}_last_used_region"] = uses[key_id]["region"]
                row[f"access_key_{slot}_last_used_service"] = uses[key_id]["service"]

    def add_root_use(row):
        if "root" in uses:
            row.update(
                user_creation_time="2015-01-01T00:00:00Z",
                password_enabled="true",
                password_last_used=last_use("root"),
                password_last_changed="2015-01-01T00:00:00Z",
            )

    def last_used_of(parameters):
        key_id = iam._p(parameters, "AccessKeyId")
        key = iam._access_keys.get(key_id)
        if key is None or key_id not in uses:
            return last_used(parameters)
        use = uses[key_id]
        answer = (
            f"<GetAccessKeyLastUsedResult><UserName>{key['UserName']}</UserName><AccessKeyLastUsed>"
            f"<LastUsedDate>{last_use(key_id)}</LastUsedDate>"
            f"<Region>{use['region']}</Region><ServiceName>{use['service']}</ServiceName>"
            "</AccessKeyLastUsed></GetAccessKeyLastUsedResult>"
        )
        return iam._xml(200, "GetAccessKeyLastUsedResponse", answer, ns="iam")

    iam._build_credential_report = report_with_uses
    iam._IAM_HANDLERS["GetAccessKeyLastUsed"] = last_used_of


def know_root_has_no_mfa():
    """Its AccountMFAEnabled is 1 as soon as any user has MFA. In AWS it is about the root user, who has no MFA here."""
    from ministack.services import iam

    summarize = iam._IAM_HANDLERS["GetAccountSummary"]

    def summary(parameters):
        status, headers, body = summarize(parameters)
        enabled = b"<key>AccountMFAEnabled</key><value>%d</value>"
        return status, headers, body.replace(enabled % 1, enabled % 0)

    iam._IAM_HANDLERS["GetAccountSummary"] = summary


def last_use(name):
    if name not in uses:
        return None
    at = uses[name]["at"]
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3 * 3600 if at is None else at))


def know_the_topic_of_a_subscription():
    """A request names a subscription; policies judge it by its topic, of which ministack knows only where it is named."""
    from ministack.core import iam_actions

    resource_of = iam_actions.extract_resource_arn

    def resource_with_topic(service, method, path, headers, body, query_params, region, account_id):
        resource = resource_of(service, method, path, headers, body, query_params, region, account_id)
        if service != "sns" or resource != "*":
            return resource
        subscription = iam_actions._query_param(query_params, "SubscriptionArn")
        return subscription.rsplit(":", 1)[0] if subscription else resource

    iam_actions.extract_resource_arn = resource_with_topic


def judge_each_event():
    """It does not give policies the condition keys of events:PutEvents: each entry is judged by its own."""
    from ministack.core import iam_actions, iam_evaluator

    context, enforce = iam_actions.request_tag_context, iam_evaluator.enforce

    def context_with_entries(service, action, body, parameters):
        keys = dict(context(service, action, body, parameters))
        if action == "events:PutEvents":
            keys["entries"] = {(entry["Source"], entry["DetailType"]) for entry in json.loads(body)["Entries"]}
        return keys

    def enforce_entries(*arguments, service_context=None, **named):
        keys = dict(service_context or {})
        entries = keys.pop("entries", None)
        if entries is None:
            return enforce(*arguments, service_context=keys, **named)
        for source, detail_type in entries:
            entry = {**keys, "events:source": source, "events:detail-type": detail_type}
            denied = enforce(*arguments, service_context=entry, **named)
            if denied:
                return denied
        return None

    iam_actions.request_tag_context = context_with_entries
    iam_evaluator.enforce = enforce_entries


def keep_bus_policies():
    """It has no AWS::Events::EventBusPolicy with a Statement, and asks no policy of a bus about events put there."""
    from ministack.core import iam_evaluator
    from ministack.services import eventbridge
    from ministack.services.cloudformation import provisioners

    policies = eventbridge._event_bus_policies

    def create(_logical_id, props, _stack_name):
        bus, sid = props.get("EventBusName", "default"), props["StatementId"]
        delete(sid, props)
        policies.setdefault(bus, {"Version": "2012-10-17", "Statement": []})["Statement"].append(props["Statement"])
        return sid, {}

    def update(_physical_id, _old_props, new_props, stack_name):
        return create("", new_props, stack_name)

    def delete(_physical_id, props):
        policy = policies.get(props.get("EventBusName", "default"), {"Statement": []})
        policy["Statement"] = [one for one in policy["Statement"] if one.get("Sid") != props["StatementId"]]

    def bus_policy_for_arn(arn):
        policy = policies.get(arn.rsplit("/", 1)[-1])
        return policy and (json.dumps(policy), arn.split(":")[4])

    eventbridge.bus_policy_for_arn = bus_policy_for_arn
    iam_evaluator._RESOURCE_POLICY_LOOKUPS["events"] = ("eventbridge", "bus_policy_for_arn")
    provisioners._RESOURCE_HANDLERS["AWS::Events::EventBusPolicy"] = {
        "create": create,
        "update": update,
        "delete": delete,
    }


def know_the_role_of_a_session():
    """Of a session of a role it takes aws:PrincipalArn for the session's ARN, where AWS has the role's."""
    from ministack.core import iam_evaluator

    resolve = iam_evaluator._resolve_condition_key

    def resolve_with_role(key, context):
        value = resolve(key, context)
        if key.lower() != "aws:principalarn" or ":assumed-role/" not in str(value):
            return value
        account, role = value.split(":")[4], value.split("/")[1]
        return f"arn:aws:iam::{account}:role/{role}"

    iam_evaluator._resolve_condition_key = resolve_with_role


def refuse_a_second_role():
    """CloudFormation takes over a role that is there by that name; IAM's CreateRole refuses it: EntityAlreadyExists, 409."""
    from ministack.services import iam
    from ministack.services.cloudformation import provisioners

    handlers = provisioners._RESOURCE_HANDLERS["AWS::IAM::Role"]
    create = handlers["create"]

    def create_new(logical_id, props, stack_name):
        name = props.get("RoleName")
        if name is not None and iam._roles.get(name) is not None:
            raise ValueError(f"Role with name {name} already exists. (Service: Iam, Status Code: 409)")
        return create(logical_id, props, stack_name)

    handlers["create"] = create_new


def invoke_with_retries():
    """It invokes functions of rules and schedules once. AWS does so asynchronously: three tries, then the queue."""
    from ministack.services import eventbridge, lambda_svc

    def dispatch(arn, payload):
        function, config, name = lambda_svc._get_func_record_for_ref(arn)
        if config is None:
            raise LookupError(f"no function {name}")
        lambda_svc.invoke_async_with_retry(lambda_svc._execution_record_for_config(function, config), json.loads(payload))

    eventbridge._dispatch_to_lambda = dispatch


def record_requests():
    """Its CloudTrail does not know the name of most requests, and nothing of what was denied."""
    from ministack.core import iam_evaluator

    enforce = iam_evaluator.enforce

    def enforce_and_record(access_key_id, iam_action, service, region, resource_arn="*", **named):
        denied = enforce(access_key_id, iam_action, service, region, resource_arn=resource_arn, **named)
        caller = getattr(iam_evaluator.resolve_credential(access_key_id), "principal_arn", "unknown")
        requests.append(
            {
                "caller": caller.split("/")[1] if ":assumed-role/" in caller else caller.rsplit(":", 1)[-1],
                "action": iam_action,
                "resource": resource_arn,
                "allowed": denied is None,
                "refusal": denied and (getattr(denied, "code", None) or denied.decision),
            }
        )
        return denied

    iam_evaluator.enforce = enforce_and_record

# SPDX-License-Identifier: Apache-2.0
"""Run by moto's Python: makes a user, a role and a bucket on the server at that port, and prints
temporary credentials. The calls before the first check of a signature are as many as the server
was told (s3_server.py)."""

import json
import sys

import boto3

port, region, bucket = sys.argv[1:]
may_do_all = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
)


def client(service, key, secret):
    return boto3.client(
        service, endpoint_url=f"http://127.0.0.1:{port}", region_name=region,
        aws_access_key_id=key, aws_secret_access_key=secret,
    )  # fmt: skip


iam = client("iam", "nobody", "nothing")
iam.create_user(UserName="deployment")
key = iam.create_access_key(UserName="deployment")["AccessKey"]
iam.put_user_policy(UserName="deployment", PolicyName="all", PolicyDocument=may_do_all)
role = iam.create_role(RoleName="capture", AssumeRolePolicyDocument=may_do_all)["Role"]
iam.put_role_policy(RoleName="capture", PolicyName="all", PolicyDocument=may_do_all)

keys = key["AccessKeyId"], key["SecretAccessKey"]
client("s3", *keys).create_bucket(
    Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region}
)
vended = client("sts", *keys).assume_role(RoleArn=role["Arn"], RoleSessionName="capture")
credentials = vended["Credentials"]
print(
    json.dumps(
        {
            "aws_access_key_id": credentials["AccessKeyId"],
            "aws_secret_access_key": credentials["SecretAccessKey"],
            "aws_session_token": credentials["SessionToken"],
        }
    )
)

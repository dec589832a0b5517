/** Acronyms and words of which people make the names of users and roles in AWS accounts. Pure. */

const acronyms = `ACM API ALB ASG AWS BI CD CDK CI CFN CLI DB DBs DMS DNS DR DWT EBS EC2 ECR ECS EFS EKS EMR ELB EU ETL
  FTP GCP HR IAM ID IOT IT KMS MFA ML MSK MSSQL NAT NLB OIDC PCI PR QA RDS S3 SAML SAP SDK SES SFTP SNS SQL SQS SRE SSH
  SSM SSO STS TLS UAT UK URL US USA VM VPC VPN WAF`;

const words = `Access Account Actions Admin And Api App Audit Backup Bucket Build Cloud Cluster Company Config Data
  Deploy Deploys Dev Exec For From Git Hub In Key Lambda Log Manager Of On Ops Pipeline Policy Prod Role Server Service
  Stage Sync System Team Terraform Test To Toolkit Tool User Web West East North South Central`;

/** Each begins with a capital. */
export const nameWords: readonly string[] = `${acronyms} ${words}`.split(/\s+/);

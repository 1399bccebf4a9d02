#include "services/access/access_service.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/access_store.h"
#include "db/store/audit_store.h"
#include "db/store/follow_up_store.h"
#include "db/store/member_store.h"
#include "db/store/script_store.h"
#include "services/access/scope.h"
#include "services/access/token.h"
#include "services/rpc/timestamp.h"

namespace snowfield::access {
namespace {

struct NewTokenOrder {
  base::MemberId member;
  std::string label = {};
  absl::Duration life;
};

struct IssuedToken {
  base::TokenId token = {};
  std::string text;
  absl::Time expire_time;
};

absl::StatusOr<IssuedToken> IssueToken(db::Transaction& transaction, const NewTokenOrder& order, absl::Time now) {
  const NewSecret secret = NewToken(TokenKind::kMember, transaction.campaign());
  IssuedToken issued{.text = secret.text, .expire_time = now + order.life};
  SNOWFIELD_ASSIGN_OR_RETURN(issued.token, db::InsertToken(transaction, {.hash = secret.hash,
                                                                         .member = order.member,
                                                                         .label = order.label,
                                                                         .expire_time = issued.expire_time}));
  return issued;
}

absl::Status CheckNewCampaign(const v1::CreateCampaignRequest& request) {
  if (request.name().empty() || request.name().size() > kCampaignNameCharactersMax) {
    return base::InvalidField("name", "NAME_LENGTH", absl::StrCat("send 1 to ", kCampaignNameCharactersMax, " bytes"));
  }
  if (request.owner_name().size() > kCampaignNameCharactersMax) {
    return base::InvalidField("owner_name", "NAME_LENGTH",
                              absl::StrCat("send at most ", kCampaignNameCharactersMax, " bytes"));
  }
  if (request.span() != 0 && (request.span() < kSpanMin || request.span() > kSpanMax)) {
    return base::InvalidField("span", "SPAN_OUT_OF_RANGE",
                              absl::StrCat("send ", kSpanMin, " to ", kSpanMax, ", or 0 for ", kSpanDefault));
  }
  return absl::OkStatus();
}

// The scope that a member shall have; the role's own where the request leaves it open.
absl::StatusOr<v1::MemberScope> ReadScope(const v1::SetMemberAccessRequest& request) {
  if (RoleName(request.role()).empty()) {
    return base::InvalidField("role", "ROLE_UNKNOWN", "say which role the member is to have");
  }
  const v1::MemberScope scope = request.scope() == v1::MEMBER_SCOPE_UNSPECIFIED
                                    ? ScopeOf(request.role(), /*held_to_branch=*/false)
                                    : request.scope();
  if (MayHaveScope(request.role(), scope)) return scope;
  return base::InvalidField("scope", "SCOPE_UNFIT",
                            "organizers and viewers see the campaign or a branch, leaders and canvassers their branch, "
                            "all others the campaign");
}

absl::Status ChangeAccess(db::Transaction& transaction, const Caller& caller, const v1::SetMemberAccessRequest& request,
                          v1::MemberScope scope) {
  const base::MemberId member(request.member_id());
  SNOWFIELD_RETURN_IF_ERROR(CheckMayManage(transaction, caller, member, "member_id"));
  const bool held = scope == v1::MEMBER_SCOPE_BRANCH;
  SNOWFIELD_ASSIGN_OR_RETURN(
      const std::string before,
      db::SetMemberAccess(transaction, member, {.role = RoleName(request.role()), .held_to_branch = held}));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow row, db::FindMember(transaction, member, "member_id"));
  if (row.team_size > 0 && !MayLead(RoleName(request.role()))) {
    return base::Problem(absl::StatusCode::kFailedPrecondition, "LEADS_TEAM", "role",
                         absl::StrCat("this member leads a team of ", row.team_size,
                                      ": they step down first, so that each of their people has a leader"));
  }
  return db::WriteAudit(
      transaction,
      {.member = caller.member,
       .action = "member.access",
       .subject_kind = "member",
       .subject_id = member.value,
       .detail_json = absl::StrCat("{\"from\":\"", before, "\",\"to\":\"", base::ToAbsl(RoleName(request.role())),
                                   "\",\"held_to_branch\":", held ? "true" : "false", "}")});
}

}  // namespace

grpc::Status AccessService::CreateCampaign(grpc::ServerContext* context, const v1::CreateCampaignRequest* request,
                                           v1::CreateCampaignResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_RETURN_IF_ERROR(CheckNewCampaign(*request));
    db::Scope scope = call.Scope();
    SNOWFIELD_ASSIGN_OR_RETURN(scope.campaign, db::RunInTransaction(*pool_, scope, [](db::Transaction& transaction) {
                                 return db::NextCampaignId(transaction);
                               }));
    return db::RunInTransaction(*pool_, scope, [&](db::Transaction& transaction) -> absl::Status {
      SNOWFIELD_ASSIGN_OR_RETURN(
          const base::MemberId owner,
          db::CreateCampaign(transaction,
                             {.name = request->name(),
                              .span = request->span() == 0 ? kSpanDefault : request->span(),
                              .owner_name = request->owner_name().empty() ? "Owner" : request->owner_name()}));
      SNOWFIELD_RETURN_IF_ERROR(db::InstallDefaultRules(transaction));
      SNOWFIELD_RETURN_IF_ERROR(db::InstallDefaultScript(transaction));
      SNOWFIELD_ASSIGN_OR_RETURN(
          const IssuedToken issued,
          IssueToken(transaction,
                     {.member = owner, .label = "made with the campaign", .life = absl::Hours(24 * kTokenDaysDefault)},
                     clock_.Now()));
      response->set_campaign_id(transaction.campaign().value);
      response->set_owner_id(owner.value);
      response->set_token(issued.text);
      return db::WriteAudit(transaction, {.action = "campaign.create"});
    });
  });
}

grpc::Status AccessService::WhoAmI(grpc::ServerContext* context, const v1::WhoAmIRequest* request,
                                   v1::WhoAmIResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(db::Transaction transaction, pool_->Begin(call.ReadScope()));
    SNOWFIELD_ASSIGN_OR_RETURN(*response->mutable_campaign_name(), db::CampaignName(transaction));
    response->set_campaign_id(call.caller.campaign.value);
    response->set_member_id(call.caller.member.value);
    response->set_role(call.caller.role);
    response->set_phone_id(call.caller.phone.value);
    response->set_scope(call.caller.scope);
    return absl::OkStatus();
  });
}

grpc::Status AccessService::SetMemberAccess(grpc::ServerContext* context, const v1::SetMemberAccessRequest* request,
                                            v1::SetMemberAccessResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const v1::MemberScope scope, ReadScope(*request));
    response->set_member_id(request->member_id());
    response->set_role(request->role());
    response->set_scope(scope);
    return db::RunInTransaction(*pool_, call.Scope(), [&](db::Transaction& transaction) {
      return ChangeAccess(transaction, call.caller, *request, scope);
    });
  });
}

grpc::Status AccessService::CreateToken(grpc::ServerContext* context, const v1::CreateTokenRequest* request,
                                        v1::CreateTokenResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    if (request->days() < 0 || request->days() > kTokenDaysMax) {
      return base::InvalidField("days", "DAYS_OUT_OF_RANGE",
                                absl::StrCat("send 1 to ", kTokenDaysMax, ", or 0 for ", kTokenDaysDefault));
    }
    if (request->label().size() > kTokenLabelCharactersMax) {
      return base::InvalidField("label", "TOO_LONG", absl::StrCat("at most ", kTokenLabelCharactersMax, " bytes"));
    }
    const int days = request->days() == 0 ? kTokenDaysDefault : request->days();
    return db::RunInTransaction(*pool_, call.Scope(), [&](db::Transaction& transaction) -> absl::Status {
      const base::MemberId member(request->member_id());
      SNOWFIELD_RETURN_IF_ERROR(CheckMayManage(transaction, call.caller, member, "member_id"));
      SNOWFIELD_ASSIGN_OR_RETURN(
          const IssuedToken issued,
          IssueToken(transaction, {.member = member, .label = request->label(), .life = absl::Hours(24 * days)},
                     clock_.Now()));
      response->set_token_id(issued.token.value);
      response->set_token(issued.text);
      *response->mutable_expire_time() = rpc::ToTimestamp(issued.expire_time);
      return db::WriteAudit(transaction, {.member = call.caller.member,
                                          .action = "token.create",
                                          .subject_kind = "token",
                                          .subject_id = issued.token.value});
    });
  });
}

grpc::Status AccessService::RevokeToken(grpc::ServerContext* context, const v1::RevokeTokenRequest* request,
                                        v1::RevokeTokenResponse* /*response*/) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    return db::RunInTransaction(*pool_, call.Scope(), [&](db::Transaction& transaction) -> absl::Status {
      SNOWFIELD_RETURN_IF_ERROR(db::RevokeToken(transaction, base::TokenId(request->token_id())));
      return db::WriteAudit(transaction, {.member = call.caller.member,
                                          .action = "token.revoke",
                                          .subject_kind = "token",
                                          .subject_id = request->token_id()});
    });
  });
}

grpc::Status AccessService::CreateEnrolmentCode(grpc::ServerContext* context,
                                                const v1::CreateEnrolmentCodeRequest* request,
                                                v1::CreateEnrolmentCodeResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    const base::MemberId member(request->member_id());
    return db::RunInTransaction(*pool_, call.Scope(), [&](db::Transaction& transaction) -> absl::Status {
      SNOWFIELD_RETURN_IF_ERROR(CheckMayManage(transaction, call.caller, member, "member_id"));
      const NewSecret code =
          NewEnrolmentCode(transaction.campaign(), request->typed() ? CodeForm::kTyped : CodeForm::kScanned);
      const absl::Time expire_time = clock_.Now() + (request->typed() ? kTypedCodeLife : kEnrolmentCodeLife);
      SNOWFIELD_RETURN_IF_ERROR(db::InsertEnrolmentCode(transaction, code.hash, member, expire_time));
      response->set_code(code.text);
      *response->mutable_expire_time() = rpc::ToTimestamp(expire_time);
      return db::WriteAudit(transaction, {.member = call.caller.member,
                                          .action = "enrolment_code.create",
                                          .subject_kind = "member",
                                          .subject_id = member.value});
    });
  });
}

}  // namespace snowfield::access

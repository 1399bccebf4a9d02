#include "services/access/gate.h"

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/log.h"
#include "base/status.h"
#include "db/store/access_store.h"
#include "services/access/scope.h"
#include "services/access/source.h"
#include "services/access/token.h"

namespace snowfield::access {
namespace {
constexpr char kAuthorization[] = "authorization";
constexpr char kBearer[] = "bearer ";
constexpr char kForwardedFor[] = "x-forwarded-for";

absl::Status Unauthenticated(std::string_view reason, std::string_view message) {
  return base::Problem(absl::StatusCode::kUnauthenticated, reason, "", message);
}

// The token of the call; empty where it has none.
std::string BearerToken(const grpc::ServerContext& context) {
  const auto found = context.client_metadata().find(kAuthorization);
  if (found == context.client_metadata().end()) return "";
  absl::string_view value(found->second.data(), found->second.size());
  if (!absl::StartsWithIgnoreCase(value, kBearer)) return "";
  value.remove_prefix(sizeof(kBearer) - 1);
  return std::string(absl::StripAsciiWhitespace(value));
}

std::string SourceOfCall(const grpc::ServerContext& context, bool behind_proxy) {
  const auto forwarded = context.client_metadata().find(kForwardedFor);
  if (!behind_proxy || forwarded == context.client_metadata().end()) return SourceOf(context.peer(), "");
  return SourceOf(context.peer(), std::string_view(forwarded->second.data(), forwarded->second.size()));
}

absl::Time Deadline(const grpc::ServerContext& context, absl::Duration longest) {
  const absl::Time latest = absl::Now() + longest;
  const auto asked = context.deadline();
  if (asked == std::chrono::system_clock::time_point::max()) return latest;
  return std::min(latest, absl::FromChrono(asked));
}
}  // namespace

absl::StatusOr<Call> Gate::Admit(grpc::ServerContext& context, const rpc::MethodRule* rule) const {
  if (rule == nullptr) {
    return base::Problem(absl::StatusCode::kPermissionDenied, "POLICY_MISSING", "", "this call states no permission");
  }
  Call call{.deadline = Deadline(context, rule->deadline_max),
            .cancelled = [&context] { return context.IsCancelled(); },
            .source = SourceOfCall(context, options_.behind_proxy)};
  if (rule->permission == rpc::v1::PERMISSION_PUBLIC) return call;
  SNOWFIELD_ASSIGN_OR_RETURN(call.caller, FindCaller(context, call.deadline));
  if (!May(call.caller, rule->permission)) {
    return base::Problem(absl::StatusCode::kPermissionDenied, "PERMISSION_MISSING", "",
                         absl::StrCat("your role does not hold the right that ", rule->method,
                                      " needs: ask an owner or director of the campaign"));
  }
  if (!Reaches(call.caller, rule->scope)) {
    return base::Problem(absl::StatusCode::kPermissionDenied, "SCOPE_MISSING", "",
                         absl::StrCat(rule->method,
                                      " is about the whole campaign, and you work for a branch of it: ask an owner or "
                                      "director"));
  }
  return call;
}

absl::StatusOr<Caller> Gate::FindCaller(const grpc::ServerContext& context, absl::Time deadline) const {
  const std::string text = BearerToken(context);
  if (text.empty()) {
    return Unauthenticated("TOKEN_MISSING", "send your token as metadata: authorization: Bearer TOKEN");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const ParsedSecret secret, ParseToken(text));
  SNOWFIELD_ASSIGN_OR_RETURN(db::Transaction transaction,
                             pool_->Begin({.campaign = secret.campaign, .deadline = deadline, .read_only = true}));
  if (secret.kind == TokenKind::kOperator) {
    SNOWFIELD_ASSIGN_OR_RETURN(const bool known, db::IsOperatorToken(transaction, secret.hash));
    if (!known) return Unauthenticated("TOKEN_UNKNOWN", "this operator token is not known to this installation");
    return Caller{.is_operator = true};
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const auto owner, db::FindToken(transaction, secret.hash));
  if (!owner.has_value()) {
    return Unauthenticated("TOKEN_UNKNOWN", "this token is not known: ask whoever runs the campaign for a new one");
  }
  if (owner->revoked) return Unauthenticated("TOKEN_REVOKED", "this token was revoked: ask for a new one");
  if (owner->expire_time <= clock_.Now()) {
    return Unauthenticated("TOKEN_EXPIRED", "this token has expired: ask for a new one, or enrol the phone again");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const v1::Role role, RoleFromName(owner->role));
  return Caller{.campaign = secret.campaign,
                .member = owner->member,
                .phone = owner->phone,
                .role = role,
                .scope = owner->phone ? v1::MEMBER_SCOPE_BRANCH : ScopeOf(role, owner->held_to_branch)};
}

void Gate::LogFailure(const rpc::MethodRule& rule, const absl::Status& status) {
  const bool is_ours = absl::IsInternal(status) || absl::IsUnknown(status) || absl::IsUnavailable(status);
  base::Log(is_ours ? base::LogLevel::kError : base::LogLevel::kDebug, "rpc.failed",
            {{"method", rule.method},
             {"code", absl::StatusCodeToString(status.code())},
             {"reason", base::DetailOf(status).reason}});
}

}  // namespace snowfield::access

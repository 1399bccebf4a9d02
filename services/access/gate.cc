#include "services/access/gate.h"

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/log.h"
#include "base/retry_delay.h"
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
constexpr char kCampaign[] = "snowfield-campaign";
constexpr char kTraceParent[] = "traceparent";
constexpr char kTrace[] = "snowfield-trace";

absl::Status Unauthenticated(std::string_view reason, std::string_view message) {
  return base::Problem(absl::StatusCode::kUnauthenticated, reason, "", message);
}

absl::Status TooFast(absl::Duration wait) {
  return base::WithRetryDelay(
      base::Problem(absl::StatusCode::kResourceExhausted, "RATE_LIMITED", "",
                    "too many calls at once: wait as long as the answer says, then send the same request again"),
      wait);
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
            .source = SourceOfCall(context, options_.behind_proxy),
            .source_tells = options_.behind_proxy || !IsThisMachine(context.peer())};
  SNOWFIELD_RETURN_IF_ERROR(CheckSource(call));
  if (rule->permission == rpc::v1::PERMISSION_PUBLIC) {
    SNOWFIELD_RETURN_IF_ERROR(TakeOpen(call));
    return call;
  }
  absl::StatusOr<Caller> caller = FindCaller(context, call.deadline);
  if (!caller.ok()) {
    // Whoever tries tokens is soon told to wait, before the database is asked.
    if (absl::IsUnauthenticated(caller.status())) SNOWFIELD_RETURN_IF_ERROR(TakeOpen(call));
    return caller.status();
  }
  call.caller = *std::move(caller);
  SNOWFIELD_RETURN_IF_ERROR(CheckRate(call, *rule));
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

absl::Status Gate::CheckSource(const Call& call) const {
  if (!call.source_tells) return absl::OkStatus();
  const absl::Time now = absl::Now();
  const auto all = rates_.Take(absl::StrCat("s", call.source), options_.rates.source, now);
  if (all.has_value()) return TooFast(*all);
  const auto open = rates_.Peek(absl::StrCat("o", call.source), options_.rates.open, now);
  return open.has_value() ? TooFast(*open) : absl::OkStatus();
}

absl::Status Gate::TakeOpen(const Call& call) const {
  if (!call.source_tells) return absl::OkStatus();
  const auto wait = rates_.Take(absl::StrCat("o", call.source), options_.rates.open, absl::Now());
  return wait.has_value() ? TooFast(*wait) : absl::OkStatus();
}

absl::Status Gate::CheckRate(const Call& call, const rpc::MethodRule& rule) const {
  const std::string name =
      absl::StrCat(call.caller.campaign.value, "/", call.caller.member.value, "/", call.caller.phone.value);
  const absl::Time now = absl::Now();
  if (const auto wait = rates_.Take("c" + name, options_.rates.caller, now); wait.has_value()) return TooFast(*wait);
  if (rule.deadline_max < kHeavyDeadline) return absl::OkStatus();
  const auto wait = rates_.Take("h" + name, options_.rates.heavy, now);
  return wait.has_value() ? TooFast(*wait) : absl::OkStatus();
}

absl::StatusOr<Caller> Gate::FindCaller(const grpc::ServerContext& context, absl::Time deadline) const {
  const std::string text = BearerToken(context);
  if (text.empty()) {
    return Unauthenticated("TOKEN_MISSING", "send your token as metadata: authorization: Bearer TOKEN");
  }
  return LooksLikeJwt(text) ? SignInCaller(context, text, deadline) : FindTokenOwner(text, deadline);
}

absl::StatusOr<Caller> Gate::SignInCaller(const grpc::ServerContext& context, const std::string& token,
                                          absl::Time deadline) const {
  if (options_.sign_in == nullptr) return Unauthenticated("TOKEN_UNKNOWN", "this server takes no ID tokens");
  const auto found = context.client_metadata().find(kCampaign);
  base::CampaignId campaign;
  if (found == context.client_metadata().end() ||
      !absl::SimpleAtoi(absl::string_view(found->second.data(), found->second.size()), &campaign.value) ||
      campaign.value <= 0) {
    return Unauthenticated("SIGN_IN_CAMPAIGN_MISSING",
                           "an ID token does not say which campaign it is for: send snowfield-campaign: ID beside it");
  }
  return options_.sign_in->FindCaller(token, {.campaign = campaign, .deadline = deadline, .read_only = true});
}

absl::StatusOr<Caller> Gate::FindTokenOwner(const std::string& text, absl::Time deadline) const {
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

std::string Gate::TraceOf(const grpc::ServerContext& context) {
  const auto found = context.client_metadata().find(kTraceParent);
  if (found != context.client_metadata().end()) {
    auto sent = base::TraceIdOf(std::string_view(found->second.data(), found->second.size()));
    if (sent.has_value()) return *std::move(sent);
  }
  return base::NewTraceId();
}

void Gate::Note(grpc::ServerContext& context, const rpc::MethodRule& rule, const absl::Status& status,
                absl::Duration time) const {
  if (options_.metrics != nullptr) options_.metrics->Served(rule, status.code(), time);
  const double milliseconds = absl::ToDoubleMilliseconds(time);
  if (status.ok()) {
    base::Log(base::LogLevel::kDebug, "rpc.served", {{"method", rule.method}, {"ms", milliseconds}});
    return;
  }
  context.AddTrailingMetadata(kTrace, base::CurrentTraceId());
  const bool is_ours = absl::IsInternal(status) || absl::IsUnknown(status) || absl::IsUnavailable(status);
  base::Log(is_ours ? base::LogLevel::kError : base::LogLevel::kDebug, "rpc.failed",
            {{"method", rule.method},
             {"code", absl::StatusCodeToString(status.code())},
             {"reason", base::DetailOf(status).reason},
             {"ms", milliseconds}});
}

}  // namespace snowfield::access

#include "services/canvass/enrolment.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/character_count.h"
#include "base/log.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/access_store.h"
#include "db/store/audit_store.h"
#include "db/store/phone_store.h"
#include "services/access/token.h"
#include "services/rpc/timestamp.h"

namespace snowfield::canvass {
namespace {

// Says nothing of why, so that nobody learns which codes exist.
absl::Status CodeInvalid() {
  return base::Problem(absl::StatusCode::kUnauthenticated, "ENROLMENT_CODE_INVALID", "code",
                       "this code is mistyped, used or expired: ask your leader for a new one");
}

// Enough of a source's hash to tell one from another in the audit log.
constexpr size_t kSourceBytesShown = 6;

absl::Status CheckLabel(const std::string& label) {
  const int64_t characters = base::CharacterCount(label);
  if (characters > kPhoneLabelCharactersMax || label.find('\0') != std::string::npos) {
    return base::InvalidField("label", "LABEL_INVALID",
                              absl::StrCat("at most ", kPhoneLabelCharactersMax, " characters of text"));
  }
  return absl::OkStatus();
}

struct NewPhone {
  db::EnrolledPhone phone;
  std::string token;
};

absl::Status Locked() {
  return base::Problem(absl::StatusCode::kResourceExhausted, "ENROLMENT_LOCKED", "code",
                       "too many wrong codes were typed: scan the QR code instead, or try again in an hour");
}

absl::Status TellOfLock(db::Transaction& transaction, std::string_view source, int failures) {
  const std::string_view subject = source == db::kAnySource ? "campaign" : "source";
  const std::string which = absl::BytesToHexString(base::ToAbsl(source.substr(0, kSourceBytesShown)));
  base::Log(base::LogLevel::kWarning, "enrolment.locked",
            {{"campaign", transaction.campaign().value}, {"subject", subject}, {"failures", failures}});
  return db::WriteAudit(transaction,
                        {.action = "enrolment.lock",
                         .subject_kind = subject,
                         .detail_json = absl::StrCat("{\"failures\":", failures, ",\"source\":\"", which, "\"}")});
}

struct GuessCounts {
  db::FailureCount source;
  db::FailureCount campaign;
};

// A guess counts as a failure until it turns out to be right, so that of many at once not one is free. The source's row
// comes before the campaign's, for everyone.
absl::StatusOr<GuessCounts> CountGuess(db::Transaction& transaction, std::string_view source, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const auto until, db::EnrolmentLockedUntil(transaction, source, now));
  if (until.has_value()) return Locked();
  SNOWFIELD_RETURN_IF_ERROR(db::ForgetEnrolmentFailures(transaction, now));
  GuessCounts counts;
  SNOWFIELD_ASSIGN_OR_RETURN(counts.source,
                             db::CountEnrolmentFailure(transaction, source, now, kTypedFailuresPerSource));
  SNOWFIELD_ASSIGN_OR_RETURN(counts.campaign,
                             db::CountEnrolmentFailure(transaction, db::kAnySource, now, kTypedFailuresPerCampaign));
  // Others came first while this one waited for a row.
  if (counts.source.failures > kTypedFailuresPerSource.failures ||
      counts.campaign.failures > kTypedFailuresPerCampaign.failures) {
    return Locked();
  }
  return counts;
}

absl::Status ForgiveGuess(db::Transaction& transaction, std::string_view source) {
  SNOWFIELD_RETURN_IF_ERROR(db::ForgiveEnrolmentFailure(transaction, source));
  return db::ForgiveEnrolmentFailure(transaction, db::kAnySource);
}

absl::Status TellOfLocks(db::Transaction& transaction, std::string_view source, const GuessCounts& counts) {
  if (counts.source.locked) SNOWFIELD_RETURN_IF_ERROR(TellOfLock(transaction, source, counts.source.failures));
  if (!counts.campaign.locked) return absl::OkStatus();
  return TellOfLock(transaction, db::kAnySource, counts.campaign.failures);
}

absl::StatusOr<NewPhone> MakePhone(db::Transaction& transaction, const db::EnrolledPhone& phone,
                                   const db::CodeUse& use) {
  const access::NewSecret secret = access::NewToken(access::TokenKind::kPhone, transaction.campaign());
  SNOWFIELD_RETURN_IF_ERROR(db::InsertToken(transaction, {.hash = secret.hash,
                                                          .member = phone.member,
                                                          .phone = phone.phone,
                                                          .label = std::string(use.label),
                                                          .expire_time = use.now + kPhoneTokenLife})
                                .status());
  SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(
      transaction,
      {.member = phone.member, .action = "phone.enrol", .subject_kind = "phone", .subject_id = phone.phone.value}));
  return NewPhone{.phone = phone, .token = secret.text};
}

// Nothing for a code that does not work: that is kept, so the transaction is to be committed all the same.
absl::StatusOr<std::optional<NewPhone>> UseCode(db::Transaction& transaction, const access::ParsedSecret& code,
                                                const db::CodeUse& use, std::string_view source) {
  GuessCounts counts;
  if (code.typed) {
    SNOWFIELD_ASSIGN_OR_RETURN(counts, CountGuess(transaction, source, use.now));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const std::optional<db::EnrolledPhone> phone, db::UseEnrolmentCode(transaction, use));
  if (!phone.has_value()) {
    SNOWFIELD_RETURN_IF_ERROR(TellOfLocks(transaction, source, counts));
    return std::optional<NewPhone>();
  }
  if (code.typed) SNOWFIELD_RETURN_IF_ERROR(ForgiveGuess(transaction, source));
  SNOWFIELD_ASSIGN_OR_RETURN(NewPhone made, MakePhone(transaction, *phone, use));
  return std::optional<NewPhone>(std::move(made));
}

}  // namespace

absl::StatusOr<v1::EnrolPhoneResponse> Enrol(db::Pool& pool, const access::Call& call,
                                             const v1::EnrolPhoneRequest& request, absl::Time now) {
  SNOWFIELD_RETURN_IF_ERROR(CheckLabel(request.label()));
  if (request.code().size() > kEnrolmentCodeBytesMax) return CodeInvalid();
  const absl::StatusOr<access::ParsedSecret> code = access::ParseEnrolmentCode(request.code());
  if (!code.ok()) return CodeInvalid();
  const db::Scope scope{.campaign = code->campaign, .deadline = call.deadline, .cancelled = call.cancelled};
  const db::CodeUse use{.code_hash = code->hash, .label = request.label(), .now = now};
  SNOWFIELD_ASSIGN_OR_RETURN(const std::optional<NewPhone> made,
                             db::RunInTransaction(pool, scope, [&](db::Transaction& transaction) {
                               return UseCode(transaction, *code, use, call.source);
                             }));
  if (!made.has_value()) return CodeInvalid();
  v1::EnrolPhoneResponse response;
  response.set_token(made->token);
  response.set_phone_id(made->phone.phone.value);
  response.set_member_id(made->phone.member.value);
  *response.mutable_expire_time() = rpc::ToTimestamp(now + kPhoneTokenLife);
  return response;
}

}  // namespace snowfield::canvass

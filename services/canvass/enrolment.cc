#include "services/canvass/enrolment.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
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

absl::Status CheckLabel(const std::string& label) {
  // A byte of 10xxxxxx goes on with a character of UTF-8 that began before.
  const auto characters = std::count_if(label.begin(), label.end(),
                                        [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; });
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

absl::StatusOr<NewPhone> MakePhone(db::Transaction& transaction, const db::CodeUse& use) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::optional<db::EnrolledPhone> phone, db::UseEnrolmentCode(transaction, use));
  if (!phone.has_value()) return CodeInvalid();
  const access::NewSecret secret = access::NewToken(access::TokenKind::kPhone, transaction.campaign());
  SNOWFIELD_RETURN_IF_ERROR(db::InsertToken(transaction, {.hash = secret.hash,
                                                          .member = phone->member,
                                                          .phone = phone->phone,
                                                          .label = std::string(use.label),
                                                          .expire_time = use.now + kPhoneTokenLife})
                                .status());
  SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(
      transaction,
      {.member = phone->member, .action = "phone.enrol", .subject_kind = "phone", .subject_id = phone->phone.value}));
  return NewPhone{.phone = *phone, .token = secret.text};
}

}  // namespace

absl::StatusOr<v1::EnrolPhoneResponse> Enrol(db::Pool& pool, const access::Call& call,
                                             const v1::EnrolPhoneRequest& request, absl::Time now) {
  SNOWFIELD_RETURN_IF_ERROR(CheckLabel(request.label()));
  if (request.code().size() > kEnrolmentCodeBytesMax) return CodeInvalid();
  const absl::StatusOr<access::ParsedSecret> code = access::ParseEnrolmentCode(request.code());
  if (!code.ok()) return CodeInvalid();
  const db::Scope scope{.campaign = code->campaign, .deadline = call.deadline, .cancelled = call.cancelled};
  SNOWFIELD_ASSIGN_OR_RETURN(const NewPhone made, db::RunInTransaction(pool, scope, [&](db::Transaction& transaction) {
                               return MakePhone(transaction,
                                                {.code_hash = code->hash, .label = request.label(), .now = now});
                             }));
  v1::EnrolPhoneResponse response;
  response.set_token(made.token);
  response.set_phone_id(made.phone.phone.value);
  response.set_member_id(made.phone.member.value);
  *response.mutable_expire_time() = rpc::ToTimestamp(now + kPhoneTokenLife);
  return response;
}

}  // namespace snowfield::canvass

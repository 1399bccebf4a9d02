// AccessService: reading and verifying the audit log.
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/audit_store.h"
#include "services/access/access_service.h"
#include "services/access/audit_chain.h"
#include "services/rpc/paging.h"
#include "services/rpc/timestamp.h"

namespace snowfield::access {
namespace {

constexpr char kAuditList[] = "audit";
constexpr size_t kAuditWordBytesMax = 100;
constexpr size_t kHashBytes = 32;

absl::Status CheckWord(const char* field, const std::string& word) {
  if (word.size() <= kAuditWordBytesMax && word.find('\0') == std::string::npos) return absl::OkStatus();
  return base::InvalidField(field, "TOO_LONG", "send a word such as token or walk_list");
}

void ToMessage(const db::ListedAudit& listed, v1::AuditEntry& message) {
  message.set_audit_id(listed.entry.audit_id);
  *message.mutable_audit_time() = rpc::ToTimestamp(listed.entry.time);
  message.set_member_id(listed.entry.member.value);
  message.set_action(listed.entry.action);
  message.set_subject_kind(listed.entry.subject_kind);
  message.set_subject_id(listed.entry.subject_id);
  message.set_detail_json(listed.entry.detail_json);
  message.set_seal_number(listed.seal_number);
}

absl::StatusOr<db::AuditSeal> ReadNoted(const v1::VerifyAuditRequest& request) {
  db::AuditSeal noted{.number = request.noted_number(), .hash = absl::HexStringToBytes(request.noted_hash())};
  const bool is_hex = request.noted_hash().find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
  if (noted.number == 0 && request.noted_hash().empty()) return noted;
  if (noted.number > 0 && is_hex && request.noted_hash().size() == 2 * kHashBytes) return noted;
  return base::InvalidField("noted_hash", "NOTED_SEAL_INVALID",
                            "send last_number and last_hash of an earlier answer, or neither");
}

v1::AuditBreach OnWire(Breach breach) {
  switch (breach) {
    case Breach::kNone:
      return v1::AUDIT_BREACH_UNSPECIFIED;
    case Breach::kEntryChanged:
      return v1::AUDIT_BREACH_ENTRY_CHANGED;
    case Breach::kEntryMissing:
      return v1::AUDIT_BREACH_ENTRY_MISSING;
    case Breach::kSealMissing:
      return v1::AUDIT_BREACH_SEAL_MISSING;
    case Breach::kEntryUnsealed:
      return v1::AUDIT_BREACH_ENTRY_UNSEALED;
    case Breach::kEndMissing:
      return v1::AUDIT_BREACH_END_MISSING;
    case Breach::kNotedDiffers:
      return v1::AUDIT_BREACH_NOTED_DIFFERS;
  }
  return v1::AUDIT_BREACH_UNSPECIFIED;
}

}  // namespace

grpc::Status AccessService::ListAudit(grpc::ServerContext* context, const v1::ListAuditRequest* request,
                                      v1::ListAuditResponse* response) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    SNOWFIELD_RETURN_IF_ERROR(CheckWord("action", request->action()));
    SNOWFIELD_RETURN_IF_ERROR(CheckWord("subject_kind", request->subject_kind()));
    SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                               rpc::ReadPage(kAuditList, request->page_size(), request->page_token()));
    const db::AuditFilter filter{.member = base::MemberId(request->member_id()),
                                 .action = request->action(),
                                 .subject_kind = request->subject_kind(),
                                 .subject_id = request->subject_id(),
                                 .below = page.after,
                                 .limit = page.size + 1};
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::ListedAudit> entries,
                               db::RunInTransaction(*pool_, call.ReadScope(), [&](db::Transaction& transaction) {
                                 return db::ListAudit(transaction, filter);
                               }));
    for (const db::ListedAudit& listed : entries) {
      if (response->entries_size() == page.size) {
        response->set_next_page_token(rpc::NextPageToken(kAuditList, response->entries(page.size - 1).audit_id()));
        break;
      }
      ToMessage(listed, *response->add_entries());
    }
    return absl::OkStatus();
  });
}

grpc::Status AccessService::VerifyAudit(grpc::ServerContext* context, const v1::VerifyAuditRequest* request,
                                        grpc::ServerWriter<v1::VerifyAuditResponse>* writer) {
  return gate_.Serve(*context, *request, [&](const Call& call) -> absl::Status {
    VerifyOptions options;
    SNOWFIELD_ASSIGN_OR_RETURN(options.noted, ReadNoted(*request));
    options.progress = [&](int64_t verified) {
      v1::VerifyAuditResponse progress;
      progress.set_verified(verified);
      return writer->Write(progress);
    };
    SNOWFIELD_ASSIGN_OR_RETURN(const Verdict verdict, VerifyChain(*pool_, call.Scope(), options));
    v1::VerifyAuditResponse response;
    response.set_verified(verdict.verified);
    response.set_done(true);
    response.set_breach(OnWire(verdict.breach));
    response.set_broken_number(verdict.broken_number);
    response.set_broken_audit_id(verdict.broken_audit_id);
    response.set_last_number(verdict.last.number);
    response.set_last_hash(absl::BytesToHexString(verdict.last.hash));
    writer->Write(response);
    return absl::OkStatus();
  });
}

}  // namespace snowfield::access

#include "tests/services/paper/paper_desk.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "base/uuid.h"
#include "services/canvass/ingest.h"
#include "services/paper/paper_service.h"
#include "services/paper/print/page_code.h"
#include "services/rpc/timestamp.h"

namespace snowfield::tests {
namespace pb = paper::v1;

PaperDesk::PaperDesk() {
  server_ = std::make_unique<TestServer>(
      field.database, std::vector<std::string>{"snowfield.paper.v1.PaperService"}, [this](const access::Gate& gate) {
        return OneService(
            std::make_unique<paper::PaperService>(gate, &field.database.pool(), field.clock, canvass::IngestPaper));
      });
  stub_ = pb::PaperService::NewStub(server_->channel());
  for (std::string* token : {&clerk_token, &other_clerk_token}) {
    const int slot = token == &clerk_token ? 5 : 6;
    field.Execute(absl::StrCat(
        "insert into member (campaign_id, display_name, role, leader_id, leader_depth, slot, depth) values (",
        field.campaign.campaign.value, ", 'Clerk', 'clerk', ", field.campaign.owner.value, ", 0, ", slot, ", 1)"));
    *token = MakeToken(field.database, field.campaign.campaign,
                       base::MemberId(field.Count("select max(member_id) from member")));
  }
}

int64_t PaperDesk::Print(int list) {
  pb::PrintPacketRequest request;
  request.set_request_id(base::Uuid::Random().ToString());
  request.set_list_number(field.lists[list - 1]);
  const auto context = server_->As(field.campaign.owner_token);
  const auto reader = stub_->PrintPacket(context.get(), request);
  int64_t packet = 0;
  pdf.clear();
  for (pb::PrintPacketResponse part; reader->Read(&part);) {
    pdf += part.pdf();
    if (part.has_packet()) packet = part.packet().packet_id();
  }
  EXPECT_TRUE(reader->Finish().ok());
  return packet;
}

std::string PaperDesk::CodeOf(int64_t packet, int page) {
  return paper::TypedText({.packet_id = packet, .page = page, .pages = page});
}

int64_t PaperDesk::Open(bool second_entry) {
  pb::OpenBatchRequest request;
  request.set_request_id(base::Uuid::Random().ToString());
  *request.mutable_walk_time() = rpc::ToTimestamp(field.clock.Now() - absl::Hours(3));
  request.set_second_entry(second_entry);
  pb::OpenBatchResponse response;
  const grpc::Status status = Call(&pb::PaperService::Stub::OpenBatch, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.batch().batch_id();
}

std::string PaperDesk::Scan(int64_t batch, const std::string& code, bool second, const std::string& token) {
  pb::ScanPageRequest request;
  request.set_batch_id(batch);
  request.set_code(code);
  request.set_second(second);
  return ReasonOf(Call(&pb::PaperService::Stub::ScanPage, request, &scanned, token));
}

std::string PaperDesk::ScanAll(int64_t batch, int64_t packet, bool second, const std::string& token) {
  const int64_t pages = field.Count(absl::StrCat("select page_count from packet where packet_id = ", packet));
  for (int page = static_cast<int>(pages); page >= 3; --page) {
    if (std::string reason = Scan(batch, CodeOf(packet, page), second, token); !reason.empty()) return reason;
  }
  return "";
}

std::string PaperDesk::Key(int64_t batch, int64_t packet, int sequence, const std::string& keys, bool second,
                           const std::string& token) {
  pb::KeyRowRequest request;
  request.set_batch_id(batch);
  request.set_packet_id(packet);
  request.set_page(static_cast<int>(field.Count(absl::StrCat(
      "select coalesce(min(page), 3) from packet_row where packet_id = ", packet, " and sequence = ", sequence))));
  request.set_sequence(sequence);
  request.set_second(second);
  request.set_keys(keys);
  return ReasonOf(Call(&pb::PaperService::Stub::KeyRow, request, &keyed, token));
}

std::string PaperDesk::Close(int64_t batch, const std::string& reason) {
  pb::CloseBatchRequest request;
  request.set_batch_id(batch);
  request.set_reason(reason);
  return ReasonOf(Call(&pb::PaperService::Stub::CloseBatch, request, &closed));
}

std::string PaperDesk::Reopen(int64_t batch) {
  pb::ReopenBatchRequest request;
  request.set_batch_id(batch);
  request.set_reason("a row was keyed wrong");
  pb::ReopenBatchResponse response;
  return ReasonOf(Call(&pb::PaperService::Stub::ReopenBatch, request, &response));
}

void PaperDesk::Erase(int64_t person) {
  db::Transaction transaction = *field.database.pool().Begin({.campaign = field.campaign.campaign});
  const db::Query query = {"paper_desk.erase", "select erase_paper_words($1)"};
  ASSERT_TRUE(transaction.Run(query, db::Params().Int64(person)).ok());
  ASSERT_TRUE(transaction.Commit().ok());
}

pb::KeyFileRequest PaperDesk::FileOf(const pb::KeyFileHeader& header,
                                     const std::vector<std::vector<std::string>>& rows) {
  pb::KeyFileRequest request;
  *request.mutable_header() = header;
  int64_t line = 1;
  for (const std::vector<std::string>& values : rows) {
    pb::FileRow& row = *request.add_rows();
    row.set_line(++line);
    row.mutable_values()->Assign(values.begin(), values.end());
  }
  return request;
}

void PaperDesk::KeyFileAndVanish(const pb::KeyFileHeader& header, const std::vector<std::vector<std::string>>& rows) {
  const auto context = server_->As(clerk_token);
  const auto stream = stub_->KeyFile(context.get());
  stream->Write(FileOf(header, rows));
  pb::KeyFileResponse answer;
  while (stream->Read(&answer) && answer.what_case() != pb::KeyFileResponse::kRowsDone) {
  }
  context->TryCancel();
  stream->Finish();
}

}  // namespace snowfield::tests

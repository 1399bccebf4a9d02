// Imports over real gRPC into a server that only remembers what it was sent.
#include "services/cli/import/run_import.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <chrono>

#include "base/status.h"
#include "tests/services/cli/collect_rows.h"

namespace snowfield::cli {
namespace {

namespace pb = snowfield::territory::v1;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RememberingTerritory : public pb::TerritoryService::Service {
 public:
  grpc::Status ImportRows(grpc::ServerContext* context,
                          grpc::ServerReaderWriter<pb::ImportRowsResponse, pb::ImportRowsRequest>* stream) override {
    ++calls;
    if (!refuse_with.ok()) return refuse_with;
    pb::ImportRowsRequest request;
    pb::ImportSummary summary;
    while (stream->Read(&request)) {
      if (request.has_header()) header = request.header();
      batch_sizes.push_back(request.addresses_size() + request.streets_size());
      batch_bytes_max = std::max(batch_bytes_max, request.ByteSizeLong());
      for (const AddressRow& row : request.addresses()) {
        summary.set_received(summary.received() + 1);
        if (reject_all || row.street() == "Refused") RejectRow(row.line(), *stream, summary);
      }
    }
    half_closed = !context->IsCancelled();
    pb::ImportRowsResponse response;
    summary.set_inserted(summary.received() - summary.rejected());
    *response.mutable_summary() = summary;
    stream->Write(response);
    return grpc::Status::OK;
  }

  grpc::Status refuse_with;
  bool reject_all = false;
  int calls = 0;
  bool half_closed = false;
  pb::ImportHeader header;
  std::vector<int> batch_sizes;
  size_t batch_bytes_max = 0;

 private:
  static void RejectRow(uint64_t line, grpc::ServerReaderWriter<pb::ImportRowsResponse, pb::ImportRowsRequest>& stream,
                        pb::ImportSummary& summary) {
    summary.set_rejected(summary.rejected() + 1);
    pb::ImportRowsResponse response;
    response.mutable_issue()->set_line(line);
    response.mutable_issue()->set_reason("STREET_REFUSED");
    response.mutable_issue()->set_message("say \"please\"");
    stream.Write(response);
  }
};

class RunImportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    int port = 0;
    server_ = grpc::ServerBuilder()
                  .AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port)
                  .RegisterService(&territory_)
                  .BuildAndStart();
    stub_ = pb::TerritoryService::NewStub(
        grpc::CreateChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials()));
  }
  void TearDown() override { server_->Shutdown(); }

  absl::Status Import(std::vector<std::string> files) {
    ImportPlan plan;
    plan.files = std::move(files);
    plan.mapping = *FindPreset("", pb::IMPORT_KIND_ADDRESSES);
    plan.dataset = "test";
    plan.report_path = folder_.Path("report.csv");
    outcome_ = {};
    return RunImport(
        *stub_,
        [](grpc::ClientContext& context) {
          context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));
        },
        plan, [](double, std::string_view) {}, outcome_);
  }
  std::string Addresses(const std::string& name, const std::string& rows) {
    return folder_.Write(name, "id,house_number,street,longitude,latitude\n" + rows);
  }
  std::string Report() const { return ReadText(folder_.Path("report.csv")); }

  TestFolder folder_;
  RememberingTerritory territory_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<pb::TerritoryService::Stub> stub_;
  ImportOutcome outcome_;
};

TEST_F(RunImportTest, SendsSmallBatchesAfterOneHeader) {
  std::string rows;
  for (int i = 0; i < 2500; ++i) rows += std::to_string(i) + ",12," + std::string(450, 'x') + ",-90,40\n";
  const absl::Status status = Import({Addresses("a.csv", rows)});
  ASSERT_TRUE(status.ok()) << base::MessageOf(status);
  EXPECT_THAT(territory_.batch_sizes, ElementsAre(0, 1000, 1000, 500));
  EXPECT_LE(territory_.batch_bytes_max, kBatchBytesMax + 100);
  EXPECT_EQ(territory_.header.dataset(), "test");
  EXPECT_EQ(territory_.header.kind(), pb::IMPORT_KIND_ADDRESSES);
  EXPECT_EQ(outcome_.read, 2500);
  EXPECT_EQ(outcome_.summary.inserted(), 2500);
}

TEST_F(RunImportTest, ReportsWhatBothSidesRejectByFileAndLine) {
  const std::string a = Addresses("a.csv", "1,12,Main,-90,40\n2,12,Main,999,40\n");
  const std::string b = Addresses("b.csv", "3,12,Refused,-90,40\n");
  const absl::Status status = Import({a, b});
  ASSERT_TRUE(status.ok()) << base::MessageOf(status);
  EXPECT_EQ(outcome_.read, 3);
  EXPECT_EQ(outcome_.rejected, 2);
  EXPECT_THAT(Report(), HasSubstr("line,file,reason,field,message,taken\n"));
  EXPECT_THAT(Report(), HasSubstr("3,\"" + a + "\",COORDINATE_OUT_OF_RANGE,\"longitude\","));
  EXPECT_THAT(Report(), HasSubstr("2,\"" + b + "\",STREET_REFUSED,\"\",\"say \"\"please\"\"\",no\n"));
}

TEST_F(RunImportTest, NeverCallsTheServerForAFileWithoutGoodRows) {
  EXPECT_EQ(base::DetailOf(Import({Addresses("a.csv", "2,12,Main,999,40\n")})).reason, "EVERY_ROW_REJECTED");
  EXPECT_EQ(base::DetailOf(Import({Addresses("b.csv", "")})).reason, "NOTHING_TO_IMPORT");
  EXPECT_EQ(territory_.calls, 0);
  EXPECT_THAT(Report(), HasSubstr("line,file"));
}

TEST_F(RunImportTest, IsAFailureWhenTheServerRejectsEveryRow) {
  territory_.reject_all = true;
  EXPECT_EQ(base::DetailOf(Import({Addresses("a.csv", "1,12,Main,-90,40\n")})).reason, "EVERY_ROW_REJECTED");
}

TEST_F(RunImportTest, NeverHalfClosesWhenALaterFileIsBad) {
  std::string rows;
  for (int i = 0; i < 5000; ++i) rows += std::to_string(i) + ",12,Main,-90,40\n";
  const absl::Status status = Import({Addresses("a.csv", rows), folder_.Write("b.csv", "")});
  EXPECT_EQ(base::DetailOf(status).reason, "FILE_EMPTY");
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << "a bad file is no usage error";
  EXPECT_THAT(base::MessageOf(status), HasSubstr("b.csv"));
  server_->Shutdown();
  EXPECT_EQ(territory_.calls, 1);
  EXPECT_FALSE(territory_.half_closed) << "what was sent of the first file must not be stored";
}

TEST_F(RunImportTest, HandsOnTheServersRefusal) {
  territory_.refuse_with = grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "not you");
  std::string rows;
  for (int i = 0; i < 50000; ++i) rows += std::to_string(i) + ",12,Main,-90,40\n";
  const absl::Status status = Import({Addresses("a.csv", rows)});
  EXPECT_TRUE(absl::IsPermissionDenied(status));
  EXPECT_THAT(base::MessageOf(status), HasSubstr("not you"));
}

TEST_F(RunImportTest, SaysWhenTheServerIsNotThere) {
  server_->Shutdown();
  EXPECT_TRUE(absl::IsUnavailable(Import({Addresses("a.csv", "1,12,Main,-90,40\n")})));
}

TEST_F(RunImportTest, SaysWhenTheReportCannotBeWritten) {
  ReportFile report;
  EXPECT_EQ(base::DetailOf(report.Open("/no/such/folder/report.csv")).reason, "REPORT_NOT_WRITTEN");
}

}  // namespace
}  // namespace snowfield::cli

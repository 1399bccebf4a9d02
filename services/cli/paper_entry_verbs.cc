#include "services/cli/paper_entry_verbs.h"

#include <cstdio>
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/cli/call.h"
#include "services/cli/output.h"
#include "services/cli/paper_batch_order.h"
#include "services/cli/paper_entry_form.h"
#include "services/cli/verb.h"
#include "snowfield/paper/v1/paper.grpc.pb.h"

namespace snowfield::cli {
namespace {
namespace pb = paper::v1;
using pb::PaperService;

struct EntryOrder {
  BatchOrder batch;
  bool second = false;
  bool open_only = false;
  std::string reason;
};

void Tell(const Session& session, const pb::Batch& batch, const char* what) {
  if (session.json) {
    PrintJson(batch);
  } else {
    std::printf("batch %lld %s\n", static_cast<long long>(batch.batch_id()), what);
  }
}

absl::Status Open(const Session& session, const EntryOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const pb::Batch batch, OpenNewBatch(session, order.batch));
  Tell(session, batch, "is open: snowfield paper enter");
  return absl::OkStatus();
}

absl::Status Enter(const Session& session, const EntryOrder& order) {
  if (order.batch.batch_id == 0 && order.second) {
    return base::InvalidField("--batch", "BATCH_MISSING", "say which batch to key a second time: snowfield paper list");
  }
  EntryForm::Options options{.batch_id = 0, .second = order.second};
  SNOWFIELD_ASSIGN_OR_RETURN(options.batch_id, BatchOfOrder(session, order.batch));
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  return EntryForm(client, options, std::cin, std::cout).Run();
}

absl::Status List(const Session& session, const EntryOrder& order) {
  pb::ListBatchesRequest request;
  if (order.open_only) request.set_state(pb::BATCH_STATE_OPEN);
  Table table(
      {"batch", "state", "walked", "opened by", "at", "entries", "delivery", "closed", "out of balance because"});
  do {
    SNOWFIELD_ASSIGN_OR_RETURN(const pb::ListBatchesResponse response,
                               CallOnce(session, request, &PaperService::Stub::ListBatches));
    if (session.json) PrintJson(response);
    for (const pb::Batch& batch : response.batches()) {
      table.AddRow({absl::StrCat(batch.batch_id()), batch.state() == pb::BATCH_STATE_OPEN ? "open" : "closed",
                    DayAndTime(batch.walk_time()), absl::StrCat(batch.member_id()), DayAndTime(batch.create_time()),
                    batch.second_entry() ? "two" : "one", batch.delivery(),
                    batch.has_close_time() ? DayAndTime(batch.close_time()) : "", batch.close_reason()});
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (!session.json) table.Print();
  return absl::OkStatus();
}

absl::Status Show(const Session& session, const EntryOrder& order) {
  pb::GetBatchRequest request;
  request.set_batch_id(order.batch.batch_id);
  SNOWFIELD_ASSIGN_OR_RETURN(const pb::GetBatchResponse response,
                             CallOnce(session, request, &PaperService::Stub::GetBatch));
  if (session.json) {
    PrintJson(response);
    return absl::OkStatus();
  }
  Table table({"packet", "page", "list", "state", "rows", "open", "to see", "why"});
  for (const pb::BatchPage& page : response.pages()) {
    table.AddRow({absl::StrCat(page.packet_id()), absl::StrCat(page.page()), page.list_number(),
                  WordOf(pb::PageState_Name(page.state()), "PAGE_STATE_"), absl::StrCat(page.rows()),
                  page.state() == pb::PAGE_STATE_IN ? absl::StrCat(page.rows_open()) : "",
                  page.rows_to_see() > 0 ? absl::StrCat(page.rows_to_see()) : "", page.reason()});
  }
  table.Print();
  const pb::Balance& balance = response.batch().balance();
  std::printf("rows: %d keyed, %d blank, %d unreadable, %d open; pages: %d in, %d missing, %d to come\n",
              balance.rows_keyed(), balance.rows_blank(), balance.rows_unreadable(), balance.rows_open(),
              balance.pages_in(), balance.pages_missing(), balance.pages_open());
  return absl::OkStatus();
}

absl::Status Close(const Session& session, const EntryOrder& order) {
  pb::CloseBatchRequest request;
  request.set_batch_id(order.batch.batch_id);
  request.set_reason(order.reason);
  SNOWFIELD_ASSIGN_OR_RETURN(const pb::CloseBatchResponse response,
                             CallOnce(session, request, &PaperService::Stub::CloseBatch));
  if (session.json) {
    PrintJson(response);
  } else {
    std::printf("batch %lld is closed: %d knocks, %d of them stored now\n",
                static_cast<long long>(order.batch.batch_id), response.knocks(), response.stored());
  }
  return absl::OkStatus();
}

absl::Status Reopen(const Session& session, const EntryOrder& order) {
  pb::ReopenBatchRequest request;
  request.set_batch_id(order.batch.batch_id);
  request.set_reason(order.reason);
  SNOWFIELD_ASSIGN_OR_RETURN(const pb::ReopenBatchResponse response,
                             CallOnce(session, request, &PaperService::Stub::ReopenBatch));
  Tell(session, response.batch(), "is open again");
  return absl::OkStatus();
}

}  // namespace

void AddPaperEntryVerbs(CLI::App& paper, Session& session) {
  const auto order = std::make_shared<EntryOrder>();
  const auto add = [&](const char* name, const char* help, absl::Status (*work)(const Session&, const EntryOrder&)) {
    return AddVerb(paper, session, order, name, help, work);
  };
  CLI::App* open = add("open", "A batch: a stack of sheets of one walk", Open);
  CLI::App* enter = add("enter", "Key a batch at this terminal; goes on with the one you have open", Enter);
  enter->footer(
      "Examples:\n"
      "  snowfield paper enter --walked 2026-11-25\n"
      "  snowfield paper enter --batch 12 --second");
  AddWalkOptions(*open, order->batch);
  AddBatchOptions(*enter, order->batch);
  enter->add_flag("--second", order->second, "The second entry, blind");

  CLI::App* list = add("list", "Batches, the newest first", List);
  list->add_flag("--open", order->open_only, "Only open ones");
  CLI::App* show = add("show", "A batch with its pages", Show);
  CLI::App* close = add("close", "Make knocks of a batch's rows", Close);
  close->footer("Example:\n  snowfield paper close --batch 12 --reason \"page 4 was left in the rain\"");
  close->add_option("--reason", order->reason, "For a batch that does not balance; no names");
  CLI::App* reopen = add("reopen", "Mend what was keyed wrong", Reopen);
  reopen->add_option("--reason", order->reason, "Why; no names")->required();
  for (CLI::App* verb : {show, close, reopen}) {
    verb->add_option("--batch", order->batch.batch_id, "Which batch")->required();
  }
}

}  // namespace snowfield::cli

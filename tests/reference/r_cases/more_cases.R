# Further reference cases. Run: Rscript more_cases.R > more_cases_R.json
suppressMessages({library(coin); library(jsonlite); library(psych); library(vcd)})
set.seed(20260101)
K <- function() sample(c(2, 3, 4, 5, 7, 9), 1)
table2 <- function(k, n, m) rbind(tabulate(sample.int(k, n, TRUE, runif(k)), k), tabulate(sample.int(k, m, TRUE, runif(k)), k))
spread <- function(counts) rep(seq_along(counts), counts)

fisher <- lapply(1:60, function(i) {
  t <- table2(K(), sample(3:12, 1), sample(3:12, 1))
  kept <- t[, colSums(t) > 0, drop = FALSE]
  list(table = t, p = if (ncol(kept) < 2) 1 else fisher.test(kept)$p.value)
})
mann_whitney <- lapply(1:60, function(i) {
  t <- table2(sample(c(5, 7, 9, 11), 1), sample(3:20, 1), sample(3:20, 1))
  d <- data.frame(y = c(spread(t[1, ]), spread(t[2, ])), g = factor(rep(1:2, rowSums(t))))
  list(table = t, p = as.numeric(pvalue(wilcox_test(y ~ g, d, distribution = "exact"))))
})
wilson <- lapply(1:50, function(i) {
  n <- sample(1:80, 1); k <- sample(0:n, 1)
  list(k = k, n = n, interval = as.numeric(suppressWarnings(prop.test(k, n, correct = FALSE))$conf.int))
})
adjusted <- lapply(1:40, function(i) {
  p <- round(runif(sample(1:20, 1))^sample(1:4, 1), 4)
  list(p = p, holm = p.adjust(p, "holm"), bh = p.adjust(p, "BH"))
})
marginal <- lapply(1:50, function(i) {
  k <- sample(3:5, 1); n <- sample(20:90, 1)
  a <- factor(sample.int(k, n, TRUE, runif(k)), 1:k)
  b <- factor(ifelse(runif(n) < .5, a, sample.int(k, n, TRUE, runif(k))), 1:k)
  m <- table(a, b); q <- mh_test(as.table(m))
  w <- cohen.kappa(as.matrix(unclass(m)))
  list(moved = unname(unclass(m)), chi2 = as.numeric(statistic(q)), p = as.numeric(pvalue(q)),
       kappa = w$kappa, kappa_quadratic = w$weighted.kappa)
})
signed_rank <- lapply(1:50, function(i) {
  k <- K(); n <- sample(4:30, 1)
  a <- sample.int(k, n, TRUE, runif(k)); b <- pmin(k, pmax(1, a + sample(-2:2, n, TRUE)))
  if (all(a == b)) b[1] <- if (a[1] == 1) 2 else a[1] - 1
  p <- function(z) as.numeric(pvalue(wilcoxsign_test(b ~ a, distribution = "exact", zero.method = z)))
  list(before = a, after = b, k = k, wilcoxon = p("Wilcoxon"), pratt = p("Pratt"))
})
describe_cases <- lapply(1:40, function(i) {
  x <- sample.int(101, sample(2:60, 1), TRUE) - 1
  list(x = x, mean = mean(x), sd = sd(x),
       quantiles = lapply(1:9, function(t) as.numeric(quantile(x, c(.25, .5, .75), type = t))))
})
icc <- lapply(1:30, function(i) {
  m <- matrix(sample.int(9, 5 * sample(4:12, 1), TRUE), ncol = 5); r <- suppressMessages(ICC(m, lmer = FALSE))$results
  list(scores = m, value = r$ICC, lower = r[["lower bound"]], upper = r[["upper bound"]])
})
# Kiefer's k-sample statistic and the distance of distributions, by their definitions over ecdf.
shape <- lapply(1:50, function(i) {
  k <- K(); groups <- lapply(1:sample(2:5, 1), function(g) sample.int(k, sample(2:25, 1), TRUE, runif(k)))
  pooled <- unlist(groups); all <- ecdf(pooled)
  cvm <- sum(sapply(groups, function(g) length(g) * mean((ecdf(g)(pooled) - all(pooled))^2)))
  f <- ecdf(groups[[1]]); g <- ecdf(groups[[2]])
  list(groups = groups, k = k, cramer_von_mises = cvm, wasserstein = sum(abs(f(1:k) - g(1:k))) / (k - 1),
       kruskal = if (length(unique(pooled)) > 1) unname(kruskal.test(groups)$statistic) else 0)
})
contingency <- lapply(1:50, function(i) {
  k <- sample(3:6, 1); n <- sample(20:80, 1)
  a <- sample.int(k, n, TRUE, runif(k)); b <- ifelse(runif(n) < .5, a, sample.int(k, n, TRUE, runif(k)))
  m <- table(factor(a, 1:k), factor(b, 1:k))
  kept <- m[rowSums(m) > 0, colSums(m) > 0]
  pearson <- assocstats(kept)$chisq_tests["Pearson", ]
  weighted <- Kappa(m, weights = "Fleiss-Cohen")
  half <- k %/% 2; up <- sum(m[1:half, (half + 1):k]); down <- sum(m[(half + 1):k, 1:half])
  list(moved = unname(unclass(m)), chi2 = unname(pearson), kappa = unname(weighted$Unweighted["value"]),
       kappa_quadratic = unname(weighted$Weighted["value"]), cut = half,
       mcnemar = if (up + down > 0) binom.test(up, up + down)$p.value else 1)
})
cat(toJSON(list(
  versions = list(R = R.version.string, coin = as.character(packageVersion("coin")), psych = as.character(packageVersion("psych")),
                  vcd = as.character(packageVersion("vcd"))),
  fisher = fisher, mann_whitney = mann_whitney, wilson = wilson, adjusted = adjusted, marginal = marginal,
  signed_rank = signed_rank, describe = describe_cases, icc = icc, shape = shape,
  contingency = contingency
), digits = NA, auto_unbox = TRUE, matrix = "rowmajor"))
